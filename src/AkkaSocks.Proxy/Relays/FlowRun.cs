using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>Whose connection.</summary>
internal enum FlowSide
{
    /// <summary>The client's.</summary>
    Client,

    /// <summary>The destination's.</summary>
    Destination,
}

/// <summary>
/// One materialised flow graph: four stages, two connections, one end. Stages report here from the stream's thread, the
/// transport signals from its own; the state is a few interlocked fields.
/// </summary>
internal sealed class FlowRun : Tunnel
{
    private readonly ConnectionSource.Logic _fromClient, _fromDestination;
    private readonly ConnectionSink.Logic _toClient, _toDestination;
    private Connection? _client, _destination;
    private ITunnelOwner? _owner;
    private LivingGraphs? _living;
    private long _clientToDestination, _destinationToClient, _lastActivity;
    private int _finished, _over;

    /// <summary>Gathers the four stages of a graph.</summary>
    public FlowRun(
        ConnectionSource.Logic fromClient,
        ConnectionSink.Logic toDestination,
        ConnectionSource.Logic fromDestination,
        ConnectionSink.Logic toClient)
    {
        _fromClient = fromClient;
        _toDestination = toDestination;
        _fromDestination = fromDestination;
        _toClient = toClient;
    }

    /// <inheritdoc/>
    public override long ClientToDestination => Volatile.Read(ref _clientToDestination);

    /// <inheritdoc/>
    public override long DestinationToClient => Volatile.Read(ref _destinationToClient);

    /// <inheritdoc/>
    public override long LastActivity => Volatile.Read(ref _lastActivity);

    /// <inheritdoc/>
    public override bool IsHalfClosed => Volatile.Read(ref _finished) == 1;

    /// <summary>The end has been reported, and both connections are closed.</summary>
    public bool IsOver => Volatile.Read(ref _over) != 0;

    /// <summary>Hands over the connections.</summary>
    public void Attach(RelayOrder order, ITunnelOwner owner, LivingGraphs living)
    {
        living.Add();
        _living = living;
        _client = order.Client;
        _destination = order.Destination;
        _owner = owner;
        _clientToDestination = order.Prefix.Length;
        _lastActivity = Deadlines.Now;
        _toDestination.Attach(_destination, order.Prefix.Span, this, FlowSide.Destination);
        _toClient.Attach(_client, [], this, FlowSide.Client);
        _fromClient.Attach(_client, this, FlowSide.Client);
        _fromDestination.Attach(_destination, this, FlowSide.Destination);
        _client.Watch(new Side(_fromClient, _toClient));
        _destination.Watch(new Side(_fromDestination, _toDestination));
    }

    /// <inheritdoc/>
    public override void Stop(SessionEnd end) => End(end, inOrder: false);

    /// <summary>Bytes were taken from a side.</summary>
    public void Moved(FlowSide from, int bytes)
    {
        // One writer each: the stream's own thread.
        if (from == FlowSide.Client)
            Volatile.Write(ref _clientToDestination, _clientToDestination + bytes);
        else
            Volatile.Write(ref _destinationToClient, _destinationToClient + bytes);
        Volatile.Write(ref _lastActivity, Deadlines.Now);
    }

    /// <summary>Everything was delivered to a side, FIN included.</summary>
    public void Finished(FlowSide to)
    {
        Volatile.Write(ref _lastActivity, Deadlines.Now);
        if (Interlocked.Increment(ref _finished) == 2)
            End(SessionEnd.Completed, inOrder: true);
        else
            _owner!.OnHalfClosed();
    }

    /// <summary>A side is dead.</summary>
    public void Broke(FlowSide side) =>
        End(side == FlowSide.Client ? SessionEnd.ClientReset : SessionEnd.DestinationReset, inOrder: false);

    private void End(SessionEnd end, bool inOrder)
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
            return;
        _living!.Remove();
        if (inOrder)
        {
            _client!.Close();
            _destination!.Close();
        }
        else
        {
            _client!.Reset();
            _destination!.Reset();
        }

        _fromClient.OnStopped();
        _fromDestination.OnStopped();
        _toClient.OnStopped();
        _toDestination.OnStopped();
        _owner!.OnEnded(end);
    }

    private sealed class Side(ConnectionSource.Logic source, ConnectionSink.Logic sink) : IConnectionOwner
    {
        public void OnReady(Readiness readiness)
        {
            if ((readiness & Readiness.Readable) != 0)
                source.OnReadable();
            if ((readiness & Readiness.Writable) != 0)
                sink.OnWritable();
        }
    }
}
