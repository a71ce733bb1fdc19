namespace AkkaSocks.Proxy.Limits;

/// <summary>
/// Whether this node is on its way out: established sessions run on for a time, new requests are refused. It begins once, for one
/// cause, and is not taken back. Any thread may call it.
/// </summary>
internal sealed class NodeDrain
{
    private readonly TaskCompletionSource<DrainCause> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It has begun.</summary>
    public bool HasBegun => _begun.Task.IsCompleted;

    /// <summary>Completes when it begins, with the cause.</summary>
    public Task<DrainCause> Begun => _begun.Task;

    /// <summary>Begins it; later causes do nothing.</summary>
    public void Begin(DrainCause cause) => _begun.TrySetResult(cause);
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
