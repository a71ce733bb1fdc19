using System.Net;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// The sockets of one UDP association. It is told that datagrams have come, takes them a batch at a time, asks the
/// <see cref="UdpAssociation"/> about each, rewrites them in their place and sends them on. A child of its session, so it ends when
/// the control connection does (RFC 1928 §7).
/// </summary>
/// <remarks>
/// <code>
/// client ◄──► one socket, on the address of the control connection ◄─ actor ─► one socket per address family ◄──► destinations
/// </code>
/// Towards destinations there is one socket for all of a family, opened when first needed and closed when nothing is under way any
/// more: every destination sees the same port, which is what lets peers meet (RFC 4787 §4.1), an association of a hundred
/// destinations takes four descriptors at most, and an idle one two. Datagrams never go through a mailbox, and the batch is the lane's.
/// </remarks>
internal sealed class UdpRelayActor : MeasuredActor
{
    // Then others of the same loop have their turn.
    private const int DatagramsPerTurn = 4 * DatagramBatch.Capacity;

    private readonly UdpOrder _order;
    private readonly UdpAssociations _associations;
    private readonly Lane _lane;
    private readonly UdpAssociation _association;
    private readonly SessionRecord _record;
    private readonly Deadline _deadline;
    private readonly CancellationTokenSource _lookups = new();
    private DatagramSocket? _ipv4, _ipv6;
    private bool _sweeping;
    private long _bytesUp, _bytesDown;
    private SessionEnd _end = SessionEnd.NodeStopped;

    private UdpRelayActor(UdpOrder order, UdpAssociations associations)
    {
        _order = order;
        _associations = associations;
        _lane = order.Lane;
        _association = order.Association;
        _record = order.Record;
        _deadline = new Deadline(_lane.Deadlines, Self, TimeUp.Instance);
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

    private UdpMetrics Metrics => _associations.Metrics;

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
        _record.CarriedSoFar = () => (Volatile.Read(ref _bytesUp), Volatile.Read(ref _bytesDown));
        ArmNext(Deadlines.Now);
        _order.Client.Watch(new ActorOwner(Self, ClientReady.Instance));
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClientReady:
                TakeFromClient();
                break;
            case DestinationReady { IPv4: var ipv4 } when (ipv4 ? _ipv4 : _ipv6) is { } socket:
                TakeFromDestinations(socket, (DestinationReady)message);
                break;
            case Resolved resolved:
                SendHeld(resolved);
                break;
            case TimeUp:
                Sweep();
                break;
            case DestinationReady:
                // Of a socket that was closed meanwhile.
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
        CloseDestinationSockets();
        _associations.Close(_order);
        _record.ClientToDestination = _bytesUp;
        _record.DestinationToClient = _bytesDown;
        _record.CarriedSoFar = null;
        Context.Parent.Tell(new Ended(_end));
    }

    private void TakeFromClient()
    {
        var batch = _lane.LendBatch();
        try
        {
            for (var taken = 0; taken < DatagramsPerTurn; taken += batch.Count)
            {
                var more = _order.Client.Receive(batch);
                JudgeClientDatagrams(batch);
                if (!more)
                    return;
            }

            Self.Tell(ClientReady.Instance, ActorRefs.NoSender);
        }
        finally
        {
            _lane.GiveBack(batch);
        }
    }

    private void JudgeClientDatagrams(DatagramBatch batch)
    {
        var now = Deadlines.Now;
        var kept = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            ref var datagram = ref batch[i];
            var step = _association.FromClient(datagram.Address, batch.BytesOf(datagram), now);
            switch (step.Move)
            {
                case UdpMove.Send when Pass(batch, i, step.To, datagram.Start + step.Header, datagram.Length - step.Header) is var length:
                    if (length >= 0)
                        batch[kept++] = new Datagram { Start = datagram.Start + step.Header, Length = length, Address = step.To };
                    break;
                case UdpMove.Drop:
                    Drop(step.Drop);
                    break;
                case UdpMove.LookUp:
                    LookUp(step.Name!);
                    break;
            }
        }

        SendToDestinations(batch, kept);
    }

    private void TakeFromDestinations(DatagramSocket socket, DestinationReady again)
    {
        var batch = _lane.LendBatch();
        try
        {
            for (var taken = 0; taken < DatagramsPerTurn; taken += batch.Count)
            {
                var more = socket.Receive(batch);
                JudgeAnswers(batch);
                if (!more)
                    return;
            }

            Self.Tell(again, ActorRefs.NoSender);
        }
        finally
        {
            _lane.GiveBack(batch);
        }
    }

    private void JudgeAnswers(DatagramBatch batch)
    {
        var now = Deadlines.Now;
        var (kept, written) = (0, -1);
        for (var i = 0; i < batch.Count; i++)
        {
            ref var datagram = ref batch[i];
            var step = _association.FromDestination(datagram.Address, datagram.Length, now);
            if (step.Move != UdpMove.Send)
            {
                Drop(step.Drop);
                continue;
            }

            if (Pass(batch, i, datagram.Address, datagram.Start, datagram.Length, up: false) is var length && length < 0)
                continue;

            // The header goes into the room before the payload, which stays where it is. The datagrams of a run, from one sender, share it.
            var header = DatagramBatch.PlaceStart(datagram.Start) - step.Header;
            if (header != written)
                UdpDatagram.WriteHeader(batch.Bytes(header, step.Header), datagram.Address);
            written = header;
            batch[kept++] = new Datagram
            {
                Start = datagram.Start,
                Length = length,
                Header = step.Header,
                HeaderStart = header,
                Address = step.To,
            };
        }

        var (sent, bytes) = Send(_order.Client, batch, 0, kept);
        if (sent == 0)
            return;
        Volatile.Write(ref _bytesDown, _bytesDown + bytes);
        Metrics.SentDown(sent, bytes);
    }

    private void SendToDestinations(DatagramBatch batch, int count)
    {
        var (sent, bytes) = (0, 0L);
        for (int first = 0, run; first < count; first += run)
        {
            var ipv4 = batch[first].Address.IsIPv4;
            for (run = 1; first + run < count && batch[first + run].Address.IsIPv4 == ipv4;)
                run++;
            var (sentNow, bytesNow) = Send(SocketFor(ipv4), batch, first, run);
            sent += sentNow;
            bytes += bytesNow;
        }

        if (sent > 0)
        {
            Volatile.Write(ref _bytesUp, _bytesUp + bytes);
            Metrics.SentUp(sent, bytes);
        }

        if (!_sweeping && _association.HasDestinations)
            ArmNext(Deadlines.Now);
    }

    private (int Sent, long Bytes) Send(DatagramSocket? socket, DatagramBatch batch, int first, int count)
    {
        if (count == 0)
            return (0, 0);
        if (socket is null)
        {
            for (var i = 0; i < count; i++)
                Drop(DatagramDrop.Unreachable);
            return (0, 0);
        }

        var sent = socket.Send(batch, first, count);
        var bytes = 0L;
        for (var i = first; i < first + count; i++)
        {
            ref var datagram = ref batch[i];
            if (DatagramDrops.OfSend(datagram.Error) is var why and not DatagramDrop.None)
                Drop(why);
            else
                bytes += datagram.Length;
        }

        return (sent, bytes);
    }

    private DatagramSocket? SocketFor(bool ipv4)
    {
        ref var socket = ref ipv4 ? ref _ipv4 : ref _ipv6;
        if (socket is not null)
            return socket;
        socket = _lane.OpenDatagramSocket(new IPEndPoint(ipv4 ? IPAddress.Any : IPAddress.IPv6Any, 0), _order.Flow is null, out _);
        socket?.Watch(new ActorOwner(Self, ipv4 ? DestinationReady.OverIPv4 : DestinationReady.OverIPv6));
        return socket;
    }

    private void LookUp(UdpName name) => _associations.Resolver
        .ResolveAsync(name.HostName!, _lookups.Token)
        .PipeTo(Self, success: answer => new Resolved(name, answer));

    private void SendHeld(Resolved resolved)
    {
        var now = Deadlines.Now;
        var held = _association.Resolved(resolved.Name, resolved.Answer.Addresses, HasRoute, now);
        var batch = _lane.LendBatch();
        try
        {
            foreach (var chunk in held.Chunk(DatagramBatch.Capacity))
            {
                var kept = 0;
                foreach (var datagram in chunk)
                {
                    var step = _association.FromHeld(resolved.Name, datagram, now);
                    if (step.Move != UdpMove.Send)
                    {
                        Drop(step.Drop);
                        continue;
                    }

                    var start = DatagramBatch.StartOf(kept);
                    datagram.Payload.CopyTo(batch.Bytes(start, datagram.Payload.Length));
                    if (Pass(batch, kept, step.To, start, datagram.Payload.Length) is var length and >= 0)
                        batch[kept++] = new Datagram { Start = start, Length = length, Address = step.To };
                }

                SendToDestinations(batch, kept);
            }
        }
        finally
        {
            _lane.GiveBack(batch);
        }
    }

    // UDP has no attempts that could be raced: what cannot be reached at all is told by the routes.
    private bool HasRoute(IPAddress address) => _lane.HasRoute(new IPEndPoint(address, 9));

    /// <summary>Has a datagram go through what is in its way.</summary>
    /// <returns>Its length then; less than nothing when it was kept.</returns>
    private int Pass(DatagramBatch batch, int place, DatagramAddress other, int start, int length, bool up = true)
    {
        if (_order.Flow is not { } flow)
            return length;

        // What fits into its place, and is still a datagram with the header of the answer.
        var room = Math.Min(DatagramBatch.StartOf(place) + DatagramBatch.MaxDatagram - start, DatagramBatch.MaxDatagram - DatagramBatch.Headroom);
        if (length > room)
            return length;
        length = flow.Pass(up, other, batch.Bytes(start, room), length);
        if (length < 0)
            Drop(DatagramDrop.Distorted);
        return Math.Min(length, room);
    }

    private void Drop(DatagramDrop why)
    {
        _record.DatagramsDropped++;
        Metrics.Dropped(why);
    }

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
            CloseDestinationSockets();
        ArmNext(now);
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

    private void CloseDestinationSockets()
    {
        _ipv4?.Close();
        _ipv6?.Close();
        (_ipv4, _ipv6) = (null, null);
    }

    private sealed class Producer(UdpOrder order, UdpAssociations associations) : IIndirectActorProducer
    {
        public Type ActorType => typeof(UdpRelayActor);

        public ActorBase Produce() => new UdpRelayActor(order, associations);

        public void Release(ActorBase actor)
        {
        }
    }
}
