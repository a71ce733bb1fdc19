using System.Net;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A socket that waits for callers, whom the test makes.</summary>
internal sealed class MemoryAnsweringSocket(IPEndPoint local, IoFaults? faults) : AnsweringSocket
{
    private readonly Queue<MemoryConnection> _waiting = new();
    private IConnectionOwner? _owner;

    /// <summary>Everybody who has called so far.</summary>
    public List<MemoryConnection> Callers { get; } = [];

    public bool IsClosed { get; private set; }

    public override IPEndPoint Local => local;

    /// <summary>Somebody calls.</summary>
    public void Call(IPEndPoint from)
    {
        if (IsClosed)
            return;
        var caller = new MemoryConnection(from, faults);
        Callers.Add(caller);
        _waiting.Enqueue(caller);
        _owner?.OnReady(Readiness.Readable);
    }

    public override void Watch(IConnectionOwner owner) => _owner = owner;

    public override Connection? TryAccept()
    {
        var fails = faults?.Strikes() == true;
        if (IsClosed || !_waiting.TryDequeue(out var caller))
            return null;
        if (!fails)
            return caller;
        caller.Reset();
        return null;
    }

    public override void Close()
    {
        IsClosed = true;
        _owner = null;
        while (_waiting.TryDequeue(out var caller))
            caller.Reset();
    }
}
