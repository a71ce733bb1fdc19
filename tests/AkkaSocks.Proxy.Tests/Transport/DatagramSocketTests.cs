using System.Net;
using System.Net.Sockets;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport;

/// <summary>What a UDP socket promises its owner, over both transports.</summary>
public sealed class DatagramSocketTests
{
    private readonly WaitingOwner _owner = new();

    [Theory, InlineData(true), InlineData(false)]
    public async Task It_tells_of_datagrams_gives_them_whole_with_their_senders_and_then_waits_again(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        using var sender = new UdpEnd();
        var socket = await OpenAsync(pair, IPAddress.Loopback);
        var got = new List<(byte[] Bytes, DatagramAddress From)>();
        foreach (var round in new[] { 1, 40, 3 })
        {
            got.Clear();
            for (var i = 0; i < round; i++)
                sender.Send([.. Enumerable.Repeat((byte)i, i)], socket.Local);
            await pair.UntilAsync(_owner, () => Receive(pair, socket, got) && got.Count == round);
            Assert.Equal(Enumerable.Range(0, round), got.Select(it => it.Bytes.Length));
            Assert.All(got, it => Assert.Equal(sender.Endpoint, it.From.ToEndPoint()));
        }

        await pair.OnLane(socket.Close);
    }

    [Theory]
    [InlineData(true, "127.0.0.1"), InlineData(true, "::1")]
    [InlineData(false, "127.0.0.1"), InlineData(false, "::1")]
    public async Task It_sends_to_many_and_what_cannot_be_sent_is_told_and_holds_up_nothing(bool epoll, string address)
    {
        using var pair = new TransportPair(epoll);
        using var one = new UdpEnd(IPAddress.Parse(address));
        using var two = new UdpEnd(IPAddress.Parse(address));
        var socket = await OpenAsync(pair, IPAddress.Parse(address));
        var (sent, errors) = await pair.OnLane(() =>
        {
            var batch = pair.Lane.LendBatch();
            var to = new[] { one, two, one }.Select(it => DatagramAddress.Of(it.Endpoint)).ToArray();
            for (var i = 0; i < 3; i++)
            {
                // 65,535 bytes fit into no datagram.
                var length = i == 1 ? DatagramBatch.MaxDatagram : i;
                batch[i] = new Datagram { Start = DatagramBatch.StartOf(i), Length = length, Address = to[i] };
                batch.BytesOf(batch[i]).Fill((byte)i);
            }

            var count = socket.Send(batch, 0, 3);
            var told = Enumerable.Range(0, 3).Select(i => batch[i].Error).ToArray();
            pair.Lane.GiveBack(batch);
            return (count, told);
        });
        Assert.Equal(2, sent);
        Assert.Equal([SocketError.Success, SocketError.MessageSize, SocketError.Success], errors);
        Assert.Empty((await one.ReceiveAsync()).Bytes);
        Assert.Equal([2, 2], (await one.ReceiveAsync()).Bytes);
        Assert.False(two.HasReceived);
        await pair.OnLane(socket.Close);
    }

    [Theory]
    [InlineData(true, "127.0.0.1"), InlineData(true, "::1")]
    [InlineData(false, "127.0.0.1"), InlineData(false, "::1")]
    public async Task Datagrams_of_one_length_to_one_address_arrive_each_by_itself_and_whole(bool epoll, string address)
    {
        using var pair = new TransportPair(epoll);
        using var one = new UdpEnd(IPAddress.Parse(address));
        using var two = new UdpEnd(IPAddress.Parse(address));
        var socket = await OpenAsync(pair, IPAddress.Parse(address));
        (UdpEnd To, int Length)[] datagrams =
        [
            (one, 100), (one, 100), (one, 100), (one, 40), (one, 100), (one, 100), (two, 100), (two, 100), (one, 0), (one, 0), (one, 1),
            (one, 1), (one, 1400), (one, 1400), (one, 9000), (one, 9000), (two, 7),
        ];
        Assert.Equal(datagrams.Length, await pair.OnLane(() => SendAll(pair.Lane, socket, [.. datagrams.Select(
            it => (DatagramAddress.Of(it.To.Endpoint), it.Length))]).Sent));

        for (var i = 0; i < datagrams.Length; i++)
            Assert.Equal(Enumerable.Repeat((byte)i, datagrams[i].Length), (await datagrams[i].To.ReceiveAsync()).Bytes);
        Assert.False(one.HasReceived || two.HasReceived);
        await pair.OnLane(socket.Close);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Datagrams_that_cannot_be_sent_are_told_each_though_they_are_alike_and_hold_up_nothing(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        using var one = new UdpEnd();
        var socket = await OpenAsync(pair, IPAddress.Loopback);
        var (good, everybody) = (DatagramAddress.Of(one.Endpoint), DatagramAddress.Of(IPAddress.Broadcast, 9));

        var (sent, errors) = await pair.OnLane(() =>
            SendAll(pair.Lane, socket, [(good, 10), (good, 10), (everybody, 10), (everybody, 10), (everybody, 10), (good, 10)]));

        Assert.Equal(3, sent);
        Assert.Equal([true, true, false, false, false, true], errors.Select(it => it == SocketError.Success));
        foreach (byte i in new byte[] { 0, 1, 5 })
            Assert.Equal(Enumerable.Repeat(i, 10), (await one.ReceiveAsync()).Bytes);
        await pair.OnLane(socket.Close);
    }

    [Theory]
    [InlineData(true, true, "127.0.0.1"), InlineData(true, true, "::1"), InlineData(true, false, "127.0.0.1")]
    [InlineData(false, true, "127.0.0.1")]
    public async Task Datagrams_that_were_sent_in_one_call_come_each_by_itself(bool epoll, bool inRuns, string address)
    {
        using var pair = new TransportPair(epoll);
        using var sender = new UdpEnd(IPAddress.Parse(address));
        var socket = await OpenAsync(pair, IPAddress.Parse(address), inRuns);
        var got = new List<(byte[] Bytes, DatagramAddress From)>();
        byte[] run = [.. Enumerable.Range(0, 50).SelectMany(i => Enumerable.Repeat((byte)i, 100)), .. Enumerable.Repeat((byte)50, 7)];

        sender.Send([77], socket.Local);
        sender.SendRun(run, 100, socket.Local);
        sender.SendRun(run[..1], 100, socket.Local);
        sender.Send([], socket.Local);
        var most = 0;
        await pair.UntilAsync(_owner, () => Receive(pair, socket, got, count => most = Math.Max(most, count)) && got.Count >= 54);

        byte[][] expected = [[77], .. Enumerable.Range(0, 51).Select(i => run.Where(it => it == i).ToArray()), [0], []];
        Assert.Equal(expected, got.Select(it => it.Bytes));
        Assert.All(got, it => Assert.Equal(sender.Endpoint, it.From.ToEndPoint()));

        // More than there are places: the kernel has not cut them apart.
        Assert.Equal(epoll && inRuns, most > DatagramBatch.Capacity);
        await pair.OnLane(socket.Close);
    }

    [Theory]
    [InlineData(1), InlineData(1390)]
    public async Task Datagrams_that_share_a_header_which_stands_elsewhere_are_sent_whole_however_many_there_are(int length)
    {
        const int count = 300, header = 10;
        using var pair = new TransportPair(epoll: true);
        using var one = new UdpEnd();
        var socket = await OpenAsync(pair, IPAddress.Loopback);

        var sent = await pair.OnLane(() =>
        {
            var batch = pair.Lane.LendBatch();
            batch.Clear();
            var first = DatagramBatch.StartOf(0);
            batch.Bytes(first - header, header).Fill(200);
            for (var i = 0; i < count; i++)
            {
                // A place has room for some of them.
                var start = DatagramBatch.StartOf(i / 40) + (i % 40 * length);
                batch.Bytes(start, length).Fill((byte)i);
                batch.Add(new Datagram
                {
                    Start = start,
                    Length = length,
                    Header = header,
                    HeaderStart = first - header,
                    Address = DatagramAddress.Of(one.Endpoint),
                });
            }

            var all = socket.Send(batch, 0, count);
            pair.Lane.GiveBack(batch);
            return all;
        });

        Assert.Equal(count, sent);
        for (var i = 0; i < count; i++)
            Assert.Equal(Enumerable.Repeat((byte)200, header).Concat(Enumerable.Repeat((byte)i, length)), (await one.ReceiveAsync()).Bytes);
        await pair.OnLane(socket.Close);
    }

    /// <summary>Each filled with its place in the batch.</summary>
    private static (int Sent, SocketError[] Errors) SendAll(Lane lane, DatagramSocket socket, (DatagramAddress To, int Length)[] datagrams)
    {
        var batch = lane.LendBatch();
        for (var i = 0; i < datagrams.Length; i++)
        {
            batch[i] = new Datagram { Start = DatagramBatch.StartOf(i), Length = datagrams[i].Length, Address = datagrams[i].To };
            batch.BytesOf(batch[i]).Fill((byte)i);
        }

        var sent = socket.Send(batch, 0, datagrams.Length);
        SocketError[] errors = [.. Enumerable.Range(0, datagrams.Length).Select(i => batch[i].Error)];
        lane.GiveBack(batch);
        return (sent, errors);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_port_that_is_taken_and_an_address_that_is_not_ours_are_refused(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        using var taken = new UdpEnd();
        var (first, second) = await pair.OnLane(() =>
        {
            Assert.Null(pair.Lane.OpenDatagramSocket(taken.Endpoint, true, out var inUse));
            Assert.Null(pair.Lane.OpenDatagramSocket(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), true, out var notOurs));
            return (inUse, notOurs);
        });
        Assert.Equal((SocketError.AddressAlreadyInUse, SocketError.AddressNotAvailable), (first, second));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Closed_it_receives_and_sends_nothing_and_closing_again_is_harmless(bool epoll)
    {
        using var pair = new TransportPair(epoll);
        var socket = await OpenAsync(pair, IPAddress.Loopback);
        await pair.OnLane(() =>
        {
            socket.Close();
            socket.Close();
            var batch = pair.Lane.LendBatch();
            Assert.False(socket.Receive(batch));
            Assert.Equal(0, batch.Count);
            batch[0] = new Datagram { Start = DatagramBatch.StartOf(0), Address = DatagramAddress.Of(socket.Local) };
            Assert.Equal(0, socket.Send(batch, 0, 1));
            pair.Lane.GiveBack(batch);
        });
    }

    private async Task<DatagramSocket> OpenAsync(TransportPair pair, IPAddress address, bool inRuns = true) => await pair.OnLane(() =>
    {
        var socket = pair.Lane.OpenDatagramSocket(new IPEndPoint(address, 0), inRuns, out _)!;
        socket.Watch(_owner);
        return socket;
    });

    private static bool Receive(
        TransportPair pair, DatagramSocket socket, List<(byte[] Bytes, DatagramAddress From)> into, Action<int>? ofBatch = null)
    {
        var batch = pair.Lane.LendBatch();
        bool more;
        do
        {
            more = socket.Receive(batch);
            ofBatch?.Invoke(batch.Count);
            for (var i = 0; i < batch.Count; i++)
                into.Add((batch.BytesOf(batch[i]).ToArray(), batch[i].Address));
        }
        while (more);
        pair.Lane.GiveBack(batch);
        return true;
    }
}
