using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Auth.Users.Storing;

/// <summary>
/// The one thread that writes users to their <see cref="IUserTable"/>. Disks and databases block, so nothing else may; what
/// waits is bounded, and what has piled up goes into one transaction, so a flood of changes costs few.
/// </summary>
internal sealed class UserWriter : IDisposable
{
    // A transaction of so many takes some 10 ms: long enough to be cheap per user, short enough to wait for.
    private const int MaxPerTransaction = 1024;

    private readonly Queue<Order> _waiting = new();
    private readonly IUserTable _table;
    private readonly int _maxWaiting;
    private readonly Thread _thread;
    private bool _disposed;

    private sealed record Order(ImmutableArray<UserRecord> Users, long PurgeBefore, Action<Outcome> Done);

    /// <summary>What became of an order.</summary>
    /// <param name="Stored">The records as they are stored; empty after a failure.</param>
    /// <param name="Problem">Why nothing was stored; null when all was.</param>
    internal readonly record struct Outcome(ImmutableArray<UserRecord> Stored, string? Problem);

    /// <summary>Starts the thread.</summary>
    /// <param name="table">The writer's from here on.</param>
    /// <param name="maxWaiting">Orders that may wait: <c>auth.store.queue</c>.</param>
    public UserWriter(IUserTable table, int maxWaiting)
    {
        _table = table;
        _maxWaiting = maxWaiting;
        _thread = new Thread(WriteUntilDisposed) { IsBackground = true, Name = "user-writer" };
        _thread.Start();
    }

    /// <summary>Queues records to be stored, all or none of them.</summary>
    /// <param name="users">The records.</param>
    /// <param name="done">Called once, on the writer's thread. Must not throw.</param>
    /// <returns>False when too much waits already.</returns>
    public bool TryWrite(ImmutableArray<UserRecord> users, Action<Outcome> done) => TryEnqueue(new Order(users, 0, done));

    /// <summary>Queues the deletion of tombstones.</summary>
    /// <param name="before">The first revision that is kept.</param>
    /// <param name="done">Called once, on the writer's thread. Must not throw.</param>
    /// <returns>False when too much waits already.</returns>
    public bool TryPurge(long before, Action<Outcome> done) => TryEnqueue(new Order([], before, done));

    /// <summary>Writes what waits, then closes the table. Blocks for that long.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _disposed = true;
            Monitor.Pulse(_waiting);
        }

        _thread.Join();
        _table.Dispose();
    }

    private bool TryEnqueue(Order order)
    {
        lock (_waiting)
        {
            if (_disposed || _waiting.Count >= _maxWaiting)
                return false;
            _waiting.Enqueue(order);
            Monitor.Pulse(_waiting);
            return true;
        }
    }

    private void WriteUntilDisposed()
    {
        var batch = new List<Order>();
        while (TryTake(batch))
        {
            Write(batch);
            batch.Clear();
        }
    }

    private bool TryTake(List<Order> batch)
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_disposed)
                    return false;
                Monitor.Wait(_waiting);
            }

            var users = 0;
            do
            {
                batch.Add(_waiting.Dequeue());
                users += batch[^1].Users.Length;
            }
            while (_waiting.TryPeek(out var next) && users + next.Users.Length <= MaxPerTransaction);
            return true;
        }
    }

    private void Write(List<Order> batch)
    {
        try
        {
            var stored = _table.Write([.. batch.SelectMany(order => order.Users)]);
            if (batch.Max(order => order.PurgeBefore) is var before and > 0)
                _table.Purge(before);
            var next = 0;
            foreach (var order in batch)
            {
                order.Done(new Outcome([.. stored.Skip(next).Take(order.Users.Length)], null));
                next += order.Users.Length;
            }
        }
        catch (Exception failure)
        {
            // Of any kind: what cannot be stored must not take the node down, whose logins go on.
            var problem = failure is UserStoreException said ? said.Reason : failure.Message;
            foreach (var order in batch)
                order.Done(new Outcome([], problem));
        }
    }
}
