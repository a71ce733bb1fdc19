using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>
/// Which buckets are fetched from another node whose digests differ, and when: a few at once, so that neither node has to hold
/// much, and from one node at a time, since another one would mostly send the same. Pure; not for several threads.
/// </summary>
internal sealed class CatchUp
{
    private const int MaxInFlight = 4;

    private readonly Queue<int> _waiting = new();
    private readonly HashSet<int> _inFlight = [];
    private DateTimeOffset _lastProgress;

    /// <summary>Without a page for so long the other node is taken for gone.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Nothing is being fetched.</summary>
    public bool IsIdle => _inFlight.Count == 0;

    /// <summary>Compares digests and begins with what differs, unless something is being fetched already.</summary>
    /// <returns>The buckets to ask for now.</returns>
    public ImmutableArray<int> Begin(ImmutableArray<ulong> mine, ImmutableArray<ulong> theirs, DateTimeOffset now)
    {
        if (!IsIdle && now - _lastProgress < Patience)
            return [];
        _waiting.Clear();
        _inFlight.Clear();
        for (var bucket = 0; bucket < mine.Length; bucket++)
        {
            if (mine[bucket] != theirs[bucket])
                _waiting.Enqueue(bucket);
        }

        _lastProgress = now;
        return Next();
    }

    /// <summary>A page has come and more of its bucket will.</summary>
    /// <returns>Whether it was waited for: then the rest is to be asked for.</returns>
    public bool Continue(int bucket, DateTimeOffset now)
    {
        _lastProgress = now;
        return _inFlight.Contains(bucket);
    }

    /// <summary>The last page of a bucket has come.</summary>
    /// <returns>The buckets to ask for now.</returns>
    public ImmutableArray<int> Complete(int bucket, DateTimeOffset now)
    {
        _lastProgress = now;
        return _inFlight.Remove(bucket) ? Next() : [];
    }

    private ImmutableArray<int> Next()
    {
        var now = ImmutableArray.CreateBuilder<int>();
        while (_inFlight.Count < MaxInFlight && _waiting.TryDequeue(out var bucket))
        {
            _inFlight.Add(bucket);
            now.Add(bucket);
        }

        return now.ToImmutable();
    }
}
