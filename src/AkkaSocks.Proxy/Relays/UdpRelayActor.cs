using Akka.Actor;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// One UDP association. It is told that datagrams have come and has its <see cref="UdpRelay"/> take them, looks names up, and ends
/// when nothing has come for too long. A child of its session, so it ends when the control connection does (RFC 1928 §7). Datagrams
/// never go through a mailbox.
/// </summary>
internal sealed class UdpRelayActor : MeasuredActor
{
    private readonly UdpOrder _order;
    private readonly UdpAssociations _associations;
    private readonly UdpAssociation _association;
    private readonly SessionRecord _record;
    private readonly UdpRelay _relay;
    private readonly Deadline _deadline;
    private readonly CancellationTokenSource _lookups = new();
    private bool _sweeping;
    private SessionEnd _end = SessionEnd.NodeStopped;

    private UdpRelayActor(UdpOrder order, UdpAssociations associations)
    {
        _order = order;
        _associations = associations;
        _association = order.Association;
        _record = order.Record;
        _relay = new UdpRelay(order, associations.Metrics, Watching, LookUp);
        _deadline = new Deadline(order.Lane.Deadlines, Self, TimeUp.Instance);
    }

    /// <summary>Told to the parent, once, when the association is over and its sockets are closed.</summary>
    internal sealed record Ended(SessionEnd End);

    private sealed class ClientReady
    {
        public static readonly ClientReady Instance = new();
    }

    private sealed record DestinationReady(bool IPv4)
    {
        public static readonly DestinationReady OverIPv4 = new(true), OverIPv6 = new(false);
    }

    private sealed record Resolved(UdpName Name, ResolvedName Answer);

    private sealed class TimeUp
    {
        public static readonly TimeUp Instance = new();
    }

    private UdpSettings Settings => _associations.Settings;

    /// <summary>Props for the relay of <paramref name="order"/>, on its lane.</summary>
    public static Props Props(UdpOrder order, UdpAssociations associations) =>
        Akka.Actor.Props.CreateBy(new Producer(order, associations)).WithDispatcher(order.Lane.DispatcherId);

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch
        {
            _end = SessionEnd.Failed;
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _record.CarriedSoFar = () => _relay.Carried;
        ArmNext(Deadlines.Now);
        _order.Client.Watch(new ActorOwner(Self, ClientReady.Instance));
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClientReady:
                if (_relay.TakeFromClient())
                    Self.Tell(message, ActorRefs.NoSender);
                SweepFromNowOn();
                break;
            case DestinationReady ready:
                if (_relay.TakeFromDestinations(ready.IPv4))
                    Self.Tell(message, ActorRefs.NoSender);
                break;
            case Resolved resolved:
                _relay.SendHeld(resolved.Name, resolved.Answer.Addresses);
                SweepFromNowOn();
                break;
            case TimeUp:
                Sweep();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _deadline.Cancel();
        _lookups.Cancel();
        _lookups.Dispose();
        _relay.CloseDestinationSockets();
        _associations.Close(_order);
        (_record.ClientToDestination, _record.DestinationToClient) = _relay.Carried;
        _record.CarriedSoFar = null;
        Context.Parent.Tell(new Ended(_end));
    }

    private ActorOwner Watching(bool ipv4) => new(Self, ipv4 ? DestinationReady.OverIPv4 : DestinationReady.OverIPv6);

    private void LookUp(UdpName name) => _associations.Resolver
        .ResolveAsync(name.HostName!, _lookups.Token)
        .PipeTo(Self, success: answer => new Resolved(name, answer));

    private void Sweep()
    {
        var now = Deadlines.Now;
        _association.Sweep(now);
        if (IdleTimeLeft(now) <= TimeSpan.Zero)
        {
            _end = SessionEnd.IdleTimedOut;
            Context.Stop(Self);
            return;
        }

        // With a full cone anybody may send to the port that the client has been seen at, so it is kept.
        if (!_association.HasDestinations && !Settings.FullCone)
            _relay.CloseDestinationSockets();
        ArmNext(now);
    }

    private void SweepFromNowOn()
    {
        if (!_sweeping && _association.HasDestinations)
            ArmNext(Deadlines.Now);
    }

    /// <summary>One deadline for both kinds of idleness: that of destinations matters only while there are some.</summary>
    private void ArmNext(long now)
    {
        _sweeping = _association.HasDestinations;
        var left = IdleTimeLeft(now);
        var next = _sweeping && Settings.DestinationIdleTimeout < left ? Settings.DestinationIdleTimeout : left;
        if (next < TimeSpan.MaxValue)
            _deadline.Arm(next);
    }

    private TimeSpan IdleTimeLeft(long now) => Settings.IdleTimeout > TimeSpan.Zero
        ? Settings.IdleTimeout - TimeSpan.FromMilliseconds(now - _association.LastActivity)
        : TimeSpan.MaxValue;

    private sealed class Producer(UdpOrder order, UdpAssociations associations) : IIndirectActorProducer
    {
        public Type ActorType => typeof(UdpRelayActor);

        public ActorBase Produce() => new UdpRelayActor(order, associations);

        public void Release(ActorBase actor)
        {
        }
    }
}
