using Akka.Actor;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>
/// Every session of this node that is not over. Any thread may call it. Adding and removing are a few pointer writes under a lock
/// that nobody else wants: the sessions of each lane are a list of their own.
/// </summary>
/// <param name="lanes">How many lanes there are.</param>
internal sealed class LiveSessions(int lanes)
{
    // At 100,000 sessions a walk takes milliseconds, and a loop that waits for a row's lock waits with all its sessions.
    private const int SessionsPerStep = 256;

    private readonly Row[] _rows = [.. Enumerable.Range(0, lanes).Select(_ => new Row())];
    private readonly Lock _walking = new();

    private sealed class Row
    {
        public LiveSession? First { get; set; }

        public int Count { get; set; }

        /// <summary>Where a walk goes on.</summary>
        public LiveSession? Ahead { get; set; }
    }

    /// <summary>How many there are.</summary>
    public int Count => _rows.Sum(row => row.Count);

    /// <summary>A session has started.</summary>
    /// <param name="lane">The index of its lane.</param>
    /// <param name="actor">The session.</param>
    /// <param name="record">What it fills in.</param>
    public LiveSession Add(int lane, IActorRef actor, SessionRecord record)
    {
        var session = new LiveSession(actor, record);
        var row = _rows[lane];
        lock (row)
        {
            session.Next = row.First;
            if (row.First is { } first)
                first.Previous = session;
            row.First = session;
            row.Count++;
        }

        return session;
    }

    /// <summary>A session is over.</summary>
    public void Remove(int lane, LiveSession session)
    {
        var row = _rows[lane];
        lock (row)
        {
            if (session.Previous is { } previous)
                previous.Next = session.Next;
            else
                row.First = session.Next;
            if (session.Next is { } next)
                next.Previous = session.Previous;
            if (row.Ahead == session)
                row.Ahead = session.Next;
            row.Count--;
        }
    }

    /// <summary>The sessions there are, in no order: all that were there when it began and are not over since.</summary>
    public IReadOnlyList<LiveSession> All()
    {
        var all = new List<LiveSession>(Count);
        lock (_walking)
        {
            foreach (var row in _rows)
            {
                lock (row)
                    row.Ahead = row.First;
                while (!Step(row, all))
                {
                }
            }
        }

        return all;
    }

    /// <returns>The end of the row was reached.</returns>
    private static bool Step(Row row, List<LiveSession> all)
    {
        lock (row)
        {
            for (var left = SessionsPerStep; left > 0 && row.Ahead is { } session; left--)
            {
                all.Add(session);
                row.Ahead = session.Next;
            }

            return row.Ahead is null;
        }
    }

    /// <summary>Ends the sessions that a condition holds for.</summary>
    /// <returns>How many were found.</returns>
    public int Terminate(Func<LiveSession, bool> condition, TerminationReason reason)
    {
        var found = All().Where(condition).ToList();
        foreach (var session in found)
            session.Terminate(reason);
        return found.Count;
    }
}
