using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Sessions;

/// <content>UDP ASSOCIATE: the connection carries nothing any more, but as long as it lasts the association does.</content>
internal sealed partial class SessionActor
{
    // Then others of the same loop have their turn.
    private const int ControlReadsPerTurn = 16;

    // Opened and not handed to its relay yet.
    private UdpOrder? _association;

    private void Associate(Destination hint)
    {
        var refusal = _wiring.Associations.TryOpen(_wiring.Lane, _client, hint, _record, out _association);
        if (refusal != Refusal.None)
        {
            Refuse(refusal);
            return;
        }

        _record.ConnectedAt = Deadlines.Now;
        if (!Reply(Refusal.None, _association!.Bound))
            return;
        _deadline.Cancel();
        _handshake = null;
        _received.Release();
        Become(Associated);
        Enter(SessionPhase.Relaying);
        Context.ActorOf(UdpRelayActor.Props(_association, _wiring.Associations));
        _association = null;
        IgnoreControl();
    }

    private void Associated(object message)
    {
        switch (message)
        {
            case ClientReady:
                IgnoreControl();
                break;
            case UdpRelayActor.Ended ended:
                End(ended.End);
                break;
        }
    }

    /// <summary>Reads on, for only so is the end of the connection seen; what comes means nothing.</summary>
    private void IgnoreControl()
    {
        Span<byte> sink = stackalloc byte[2048];
        for (var reads = 0; _client.IsReadable; reads++)
        {
            if (reads == ControlReadsPerTurn)
            {
                Self.Tell(ClientReady.Instance, ActorRefs.NoSender);
                return;
            }

            switch (_client.Read(sink).Status)
            {
                case IoStatus.EndOfStream:
                    End(SessionEnd.Completed);
                    return;
                case IoStatus.Failed:
                    End(SessionEnd.ClientReset);
                    return;
                case IoStatus.WouldBlock:
                    return;
            }
        }
    }
}
