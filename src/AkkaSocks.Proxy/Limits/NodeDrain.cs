namespace AkkaSocks.Proxy.Limits;

/// <summary>
/// Whether this node is on its way out. It begins once, for one cause, and is not taken back: first the node is not ready any more, so that
/// nobody sends it clients; then it is closed, and takes no new sessions; established ones run on until the deadline. Any thread may call it.
/// </summary>
internal sealed class NodeDrain
{
    private readonly TaskCompletionSource<DrainCause> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _begunAt, _deadline;

    /// <summary>It has begun.</summary>
    public bool HasBegun => _begun.Task.IsCompleted;

    /// <summary>New sessions are refused.</summary>
    public bool IsClosed => _closed.Task.IsCompleted;

    /// <summary>Completes when it begins, with the cause.</summary>
    public Task<DrainCause> Begun => _begun.Task;

    /// <summary>Completes when new sessions are refused.</summary>
    public Task Closed => _closed.Task;

    /// <summary>When it began, a timestamp of <see cref="TimeProvider.System"/>; null when it has not.</summary>
    public long? BegunAt => HasBegun ? Volatile.Read(ref _begunAt) : null;

    /// <summary>Time that established sessions have left; null while that is not known.</summary>
    public TimeSpan? Left => Volatile.Read(ref _deadline) is var deadline and not 0
        ? TimeSpan.FromTicks(Math.Max(TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), deadline).Ticks, 0))
        : null;

    /// <summary>Begins it; later causes do nothing, but that whose cluster is lost takes no new sessions at once.</summary>
    public void Begin(DrainCause cause)
    {
        Interlocked.CompareExchange(ref _begunAt, TimeProvider.System.GetTimestamp(), 0);
        _begun.TrySetResult(cause);
        if (cause == DrainCause.Downed)
            Close();
    }

    /// <summary>From now on new sessions are refused.</summary>
    public void Close() => _closed.TrySetResult();

    /// <summary>Established sessions have so much time from now on.</summary>
    public void EndIn(TimeSpan time) => Volatile.Write(
        ref _deadline, TimeProvider.System.GetTimestamp() + (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency));
}

/// <summary>Why a node drains.</summary>
internal enum DrainCause
{
    /// <summary>An operator asked for it.</summary>
    Operator,

    /// <summary>The process was told to stop.</summary>
    Stopping,

    /// <summary>The other nodes gave this one up, or it must make room for a merged cluster: it has to come back as a new one.</summary>
    Downed,
}
