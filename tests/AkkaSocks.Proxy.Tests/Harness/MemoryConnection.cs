using System.Net;
using System.Net.Sockets;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A connection whose far end is the test: what arrives, when it ends and what fails is said here.</summary>
internal sealed class MemoryConnection(IPEndPoint remote, IoFaults? faults = null) : Connection
{
    private readonly Lock _lock = new();
    private readonly Queue<byte> _arrived = new();
    private readonly List<byte> _written = [];
    private IConnectionOwner? _owner;
    private bool _ended, _broken;
    private SocketError _outcome = SocketError.Success;

    /// <summary>Runs inside the next read: what happens while the owner is busy.</summary>
    public Action? DuringRead { get; set; }

    /// <summary>Told when there is more <see cref="Written"/>, and of the end.</summary>
    public Action? OnMore { get; set; }

    /// <summary>Everything written so far.</summary>
    public byte[] Written
    {
        get
        {
            lock (_lock)
                return [.. _written];
        }
    }

    /// <summary>Bytes that arrived and were not read.</summary>
    public int Unread => _arrived.Count;

    /// <summary>FIN was sent.</summary>
    public bool HasFinished { get; private set; }

    /// <summary>Closed, in order or not.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Closed by RST.</summary>
    public bool WasReset { get; private set; }

    public override IPEndPoint Remote => remote;

    public override IPEndPoint Local
    {
        get
        {
            faults?.Strikes();
            return new IPEndPoint(IPAddress.Loopback, 40000);
        }
    }

    public override bool IsReset => _broken || IsClosed;

    public override bool IsReadable
    {
        get
        {
            lock (_lock)
                return _arrived.Count > 0 || _ended || _broken || IsClosed;
        }
    }

    /// <summary>The far end sends.</summary>
    public void Arrive(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            foreach (var one in bytes)
                _arrived.Enqueue(one);
        }

        Signal(Readiness.Readable);
    }

    /// <summary>The far end sends FIN.</summary>
    public void ArriveEnd()
    {
        _ended = true;
        Signal(Readiness.Readable);
    }

    /// <summary>The far end resets.</summary>
    public void ArriveReset()
    {
        _broken = true;
        Signal(Readiness.Readable | Readiness.Writable);
    }

    /// <summary>Connecting goes on until <see cref="Settle"/>.</summary>
    public void StartConnecting(IConnectionOwner owner)
    {
        _outcome = SocketError.InProgress;
        _owner = owner;
    }

    /// <summary>Connecting ends.</summary>
    public void Settle(SocketError outcome)
    {
        _outcome = outcome;
        Signal(Readiness.Writable);
    }

    public override void Watch(IConnectionOwner owner)
    {
        _owner = owner;
        if (IsReadable)
            owner.OnReady(Readiness.Readable);
    }

    public override IoResult Read(Span<byte> into)
    {
        var meanwhile = DuringRead;
        DuringRead = null;
        meanwhile?.Invoke();
        if (faults?.Strikes() == true)
            return Break();
        lock (_lock)
        {
            if (_broken || IsClosed)
                return IoResult.Failed(SocketError.ConnectionReset);
            if (_arrived.Count == 0)
                return _ended ? IoResult.EndOfStream : IoResult.WouldBlock;
            var count = Math.Min(into.Length, _arrived.Count);
            for (var i = 0; i < count; i++)
                into[i] = _arrived.Dequeue();
            return IoResult.Done(count);
        }
    }

    public override IoResult Write(ReadOnlySpan<byte> from)
    {
        if (faults?.Strikes() == true)
            return Break();
        lock (_lock)
        {
            if (_broken || IsClosed)
                return IoResult.Failed(SocketError.ConnectionReset);
            _written.AddRange(from);
        }

        OnMore?.Invoke();
        return IoResult.Done(from.Length);
    }

    public override SocketError ConnectOutcome() => faults?.Strikes() == true ? SocketError.HostUnreachable : _outcome;

    public override void ShutdownSend()
    {
        if (!IsClosed)
            HasFinished = true;
        OnMore?.Invoke();
    }

    public override void Close()
    {
        IsClosed = true;
        _owner = null;
        OnMore?.Invoke();
    }

    public override void Reset()
    {
        WasReset |= !IsClosed;
        Close();
    }

    private void Signal(Readiness readiness) => _owner?.OnReady(readiness);

    private IoResult Break()
    {
        _broken = true;
        return IoResult.Failed(SocketError.ConnectionReset);
    }
}
