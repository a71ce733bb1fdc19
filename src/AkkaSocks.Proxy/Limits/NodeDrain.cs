namespace AkkaSocks.Proxy.Limits;

/// <summary>
/// Whether this node is on its way out: established sessions run on for a time, new requests are refused. It begins once, for one
/// cause, and is not taken back. Any thread may call it.
/// </summary>
internal sealed class NodeDrain
{
    private readonly TaskCompletionSource<DrainCause> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _begunAt;

    /// <summary>It has begun.</summary>
    public bool HasBegun => _begun.Task.IsCompleted;

    /// <summary>Completes when it begins, with the cause.</summary>
    public Task<DrainCause> Begun => _begun.Task;

    /// <summary>When it began, a timestamp of <see cref="TimeProvider.System"/>; null when it has not.</summary>
    public long? BegunAt => HasBegun ? Volatile.Read(ref _begunAt) : null;

    /// <summary>Begins it; later causes do nothing.</summary>
    public void Begin(DrainCause cause)
    {
        Interlocked.CompareExchange(ref _begunAt, TimeProvider.System.GetTimestamp(), 0);
        _begun.TrySetResult(cause);
    }
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
