using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A tunnel that passes the prefix on and then waits for the test to end it.</summary>
internal sealed class MemoryTunnel : Tunnel
{
    private readonly Connection _client, _destination;
    private readonly ITunnelOwner _owner;
    private readonly int _prefix;
    private bool _ended;

    public MemoryTunnel(Connection client, Connection destination, ReadOnlySpan<byte> prefix, ITunnelOwner owner)
    {
        _client = client;
        _destination = destination;
        _owner = owner;
        _prefix = prefix.Length;
        if (!prefix.IsEmpty)
            destination.Write(prefix);
    }

    public override long ClientToDestination => _prefix;

    public override long DestinationToClient => 0;

    public override long LastActivity => Deadlines.Now;

    public override bool IsHalfClosed => false;

    /// <summary>Both sides have closed.</summary>
    public void Complete() => Stop(SessionEnd.Completed);

    public override void Stop(SessionEnd end)
    {
        if (_ended)
            return;
        _ended = true;
        _client.Close();
        _destination.Close();
        _owner.OnEnded(end);
    }
}
