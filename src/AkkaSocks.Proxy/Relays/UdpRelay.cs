using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// The sockets of one UDP association and what moves between them: takes datagrams a batch at a time, asks the
/// <see cref="UdpAssociation"/> about each, rewrites them in their place and sends them on. Used on its lane, by its
/// <see cref="UdpRelayActor"/>.
/// </summary>
/// <remarks>
/// <code>
/// client ◄──► one socket, on the address of the control connection ◄─ relay ─► one socket per address family ◄──► destinations
/// </code>
/// Towards destinations there is one socket for all of a family, opened when first needed and closed when nothing is under way any
/// more: every destination sees the same port, which is what lets peers meet (RFC 4787 §4.1), an association of a hundred
/// destinations takes four descriptors at most, and an idle one two. The batch is the lane's.
/// </remarks>
/// <param name="order">The association; its client's socket is the relay's to use and not to close.</param>
/// <param name="metrics">Where it is counted.</param>
/// <param name="watching">Makes who is told that a socket towards destinations is readable: of IPv4, or else of IPv6.</param>
/// <param name="lookUp">Looks a name up; <see cref="SendHeld"/> brings the answer.</param>
internal sealed class UdpRelay(UdpOrder order, UdpMetrics metrics, Func<bool, IConnectionOwner> watching, Action<UdpName> lookUp)
{
    // Then others of the same loop have their turn.
    private const int DatagramsPerTurn = 4 * DatagramBatch.Capacity;

    private readonly Lane _lane = order.Lane;
    private readonly UdpAssociation _association = order.Association;
    private DatagramSocket? _ipv4, _ipv6;
    private long _bytesUp, _bytesDown;

    /// <summary>Bytes of payload sent to destinations, and to the client. From any thread.</summary>
    public (long Up, long Down) Carried => (Volatile.Read(ref _bytesUp), Volatile.Read(ref _bytesDown));

    /// <summary>Takes what the client has sent.</summary>
    /// <returns>True when there may be more, and it is the turn of others.</returns>
    public bool TakeFromClient()
    {
        var batch = _lane.LendBatch();
        try
        {
            for (var taken = 0; taken < DatagramsPerTurn; taken += batch.Count)
            {
                var more = order.Client.Receive(batch);
                JudgeClientDatagrams(batch);
                if (!more)
                    return false;
            }

            return true;
        }
        finally
        {
            _lane.GiveBack(batch);
        }
    }

    /// <summary>Takes what destinations have sent.</summary>
    /// <param name="ipv4">Those of IPv4, or else of IPv6. Nothing when their socket was closed meanwhile.</param>
    /// <returns>True when there may be more, and it is the turn of others.</returns>
    public bool TakeFromDestinations(bool ipv4)
    {
        if ((ipv4 ? _ipv4 : _ipv6) is not { } socket)
            return false;
        var batch = _lane.LendBatch();
        try
        {
            for (var taken = 0; taken < DatagramsPerTurn; taken += batch.Count)
            {
                var more = socket.Receive(batch);
                JudgeAnswers(batch);
                if (!more)
                    return false;
            }

            return true;
        }
        finally
        {
            _lane.GiveBack(batch);
        }
    }

    /// <summary>Sends what has waited for the address of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="addresses">What was found; empty when nothing was.</param>
    public void SendHeld(UdpName name, ImmutableArray<IPAddress> addresses)
    {
        var now = Deadlines.Now;
        var held = _association.Resolved(name, addresses, HasRoute, now);
        var batch = _lane.LendBatch();
        try
        {
            foreach (var chunk in held.Chunk(DatagramBatch.Capacity))
            {
                var kept = 0;
                foreach (var datagram in chunk)
                {
                    var step = _association.FromHeld(name, datagram, now);
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

    /// <summary>Closes the sockets towards destinations: the next datagram opens another, of another port.</summary>
    public void CloseDestinationSockets()
    {
        _ipv4?.Close();
        _ipv6?.Close();
        (_ipv4, _ipv6) = (null, null);
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
                    lookUp(step.Name!);
                    break;
            }
        }

        SendToDestinations(batch, kept);
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

        var (sent, bytes) = Send(order.Client, batch, 0, kept);
        if (sent == 0)
            return;
        Volatile.Write(ref _bytesDown, _bytesDown + bytes);
        metrics.SentDown(sent, bytes);
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
            metrics.SentUp(sent, bytes);
        }
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
        socket = _lane.OpenDatagramSocket(new IPEndPoint(ipv4 ? IPAddress.Any : IPAddress.IPv6Any, 0), inRuns: order.Flow is null, out _);
        socket?.Watch(watching(ipv4));
        return socket;
    }

    // UDP has no attempts that could be raced: what cannot be reached at all is told by the routes.
    private bool HasRoute(IPAddress address) => _lane.HasRoute(new IPEndPoint(address, 9));

    /// <summary>Has a datagram go through what is in its way.</summary>
    /// <returns>Its length then; less than nothing when it was kept.</returns>
    private int Pass(DatagramBatch batch, int place, DatagramAddress other, int start, int length, bool up = true)
    {
        if (order.Flow is not { } flow)
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
        order.Record.DatagramsDropped++;
        metrics.Dropped(why);
    }
}
