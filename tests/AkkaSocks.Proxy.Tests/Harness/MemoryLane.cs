using System.Net;
using System.Net.Sockets;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A lane without a network: the test says how dials end, and moves the clock.</summary>
internal sealed class MemoryLane : Lane
{
    private readonly bool _canTunnel;
    private readonly DatagramBatch _batch = new();
    private long _now;

    /// <param name="dispatcherId">Where its actors run.</param>
    /// <param name="canTunnel">Relays are a <see cref="MemoryTunnel"/>; else flows run over the connections.</param>
    public MemoryLane(string dispatcherId, bool canTunnel)
    {
        DispatcherId = dispatcherId;
        _canTunnel = canTunnel;
        Deadlines = new Deadlines(() => _now);
    }

    /// <summary>The connections dialed, in order.</summary>
    public List<MemoryConnection> Dialed { get; } = [];

    /// <summary>The tunnels started, in order.</summary>
    public List<MemoryTunnel> Tunnels { get; } = [];

    /// <summary>The sockets opened for callers, in order.</summary>
    public List<MemoryAnsweringSocket> AnsweringSockets { get; } = [];

    /// <summary>The UDP sockets opened, in order.</summary>
    public List<MemoryDatagramSocket> DatagramSockets { get; } = [];

    /// <summary>Applies to the connections dialed from now on.</summary>
    public IoFaults? Faults { get; set; }

    /// <summary>What the kernel says to the next dial at once, or null to let it go on.</summary>
    public SocketError? DialOutcome { get; set; }

    public override int Index => 0;

    public override string DispatcherId { get; }

    public override Deadlines Deadlines { get; }

    public override bool IsOneThread => false;

    public override bool CanTunnel => _canTunnel;

    /// <summary>Time passes, and what is due fires.</summary>
    public void Advance(TimeSpan by)
    {
        _now += (long)by.TotalMilliseconds;
        Deadlines.Advance();
    }

    public override Connection? Dial(IPEndPoint remote, IConnectionOwner owner, out SocketError error)
    {
        error = DialOutcome ?? SocketError.InProgress;
        if (Faults?.Strikes() == true)
            error = SocketError.TooManyOpenSockets;
        if (error is not (SocketError.InProgress or SocketError.Success))
            return null;
        var connection = new MemoryConnection(remote, Faults);
        Dialed.Add(connection);
        connection.StartConnecting(owner);
        if (error == SocketError.Success)
            connection.Settle(SocketError.Success);
        return connection;
    }

    public override AnsweringSocket? OpenAnsweringSocket(IPEndPoint local, out SocketError error)
    {
        error = Faults?.Strikes() == true ? SocketError.TooManyOpenSockets : SocketError.Success;
        if (error != SocketError.Success)
            return null;
        var socket = new MemoryAnsweringSocket(new IPEndPoint(local.Address, local.Port == 0 ? 50000 + AnsweringSockets.Count : local.Port), Faults);
        AnsweringSockets.Add(socket);
        return socket;
    }

    public override DatagramSocket? OpenDatagramSocket(IPEndPoint local, bool inRuns, out SocketError error)
    {
        error = Faults?.Strikes() == true ? SocketError.TooManyOpenSockets : SocketError.Success;
        if (error != SocketError.Success)
            return null;
        var socket = new MemoryDatagramSocket(new IPEndPoint(local.Address, local.Port == 0 ? 50000 + DatagramSockets.Count : local.Port), inRuns, Faults);
        DatagramSockets.Add(socket);
        return socket;
    }

    public override DatagramBatch LendBatch() => _batch;

    public override void GiveBack(DatagramBatch batch)
    {
    }

    public override bool HasRoute(IPEndPoint remote) => true;

    public override Tunnel StartTunnel(
        Connection client, Connection destination, ReadOnlySpan<byte> prefix, ITunnelOwner owner)
    {
        // A tunnel cannot fail to start, but a defect may throw.
        Faults?.Strikes();
        var tunnel = new MemoryTunnel(client, destination, prefix, owner);
        Tunnels.Add(tunnel);
        return tunnel;
    }
}
