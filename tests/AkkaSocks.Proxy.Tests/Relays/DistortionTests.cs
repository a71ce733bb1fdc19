using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Relays;

/// <summary>What a relay owes its sides when something is done to the bytes on the way.</summary>
public sealed class DistortionTests
{
    private const int MiB = 1024 * 1024;

    public static TheoryData<Way> Ways => [.. Enum.GetValues<Way>()];

    public static TheoryData<Engine> Transports => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Ways))]
    public async Task Bytes_go_through_the_flows_and_half_close_stays_exact(Way way)
    {
        await using var node = await TestNode.StartDistortedAsync(
            TestSettings.Default.Over(way), new Doing(new RelayFlows(Unchanged(), Inverted())));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();
        var up = RandomNumberGenerator.GetBytes(4 * MiB);
        var down = RandomNumberGenerator.GetBytes(2 * MiB);

        var received = await Task.WhenAll(SendAllAsync(client, up), ReceiveAllAsync(served)).InTime();
        Assert.True(up.AsSpan().SequenceEqual(received[1]));
        var back = await Task.WhenAll(SendAllAsync(served, down), client.ReceiveToEndAsync()).InTime();
        Assert.True(down.Select(it => (byte)~it).SequenceEqual(back[1]));

        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("completed", line.GetProperty("end").GetString());
        Assert.Equal((up.Length, down.Length), (
            line.GetProperty("clientToDestination").GetInt64(), line.GetProperty("destinationToClient").GetInt64()));
    }

    [Theory]
    [InlineData(true, "cut")]
    [InlineData(false, "failed")]
    public async Task A_flow_that_fails_resets_both_sides_and_one_that_cuts_is_no_defect(bool cuts, string end)
    {
        var down = cuts ? Flow.FromGraph(new Cutting()) : Flow.Create<Chunk>().Select(Chunk (_) => throw new InvalidOperationException());
        await using var node = await TestNode.StartDistortedAsync(TestSettings.Default, new Doing(new RelayFlows(null, down)));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();
        await served.SendAsync("x"u8.ToArray());
        await client.ExpectResetAsync();
        await node.QuietAsync();
        Assert.Equal(end, Assert.Single(await node.StopAndReadLogAsync()).GetProperty("end").GetString());
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task Datagrams_are_changed_and_kept_both_ways(Engine engine)
    {
        await using var node = await TestNode.StartDistortedAsync(TestSettings.Default.Over(engine), new Doing(null));
        using var client = await Associate.OpenAsync(node.Endpoint);
        using var echo = UdpEnd.Echo();
        client.Send(echo.Endpoint, "keep"u8.ToArray());
        client.Send(echo.Endpoint, "back"u8.ToArray());
        client.Send(echo.Endpoint, "grow"u8.ToArray());
        await client.ExpectAsync(Associate.Datagram(echo.Endpoint, "grow grow"u8.ToArray()));
        Assert.Equal(2, node.Node.Metrics.Udp.DroppedFor(DatagramDrop.Distorted));
    }

    private static Flow<Chunk, Chunk, NotUsed> Unchanged() => Flow.Create<Chunk>().Select(chunk => chunk);

    private static Flow<Chunk, Chunk, NotUsed> Inverted() => Flow.Create<Chunk>().Select(chunk =>
    {
        var inverted = Chunk.Of([.. chunk.Bytes.ToArray().Select(it => (byte)~it)]);
        chunk.Return();
        return inverted;
    });

    private static async Task<byte[]> SendAllAsync(SocksClient client, byte[] bytes)
    {
        await client.SendAsync(bytes);
        client.ShutdownSend();
        return [];
    }

    private static async Task<byte[]> SendAllAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        socket.Shutdown(SocketShutdown.Send);
        return [];
    }

    private static async Task<byte[]> ReceiveAllAsync(Socket socket)
    {
        var received = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer) is var n and > 0)
            received.Write(buffer, 0, n);
        return received.ToArray();
    }

    /// <summary>Fails only downstream, so that the sink is the first to hear of it.</summary>
    private sealed class Cutting : GraphStage<FlowShape<Chunk, Chunk>>
    {
        private readonly Inlet<Chunk> _in = new("in");
        private readonly Outlet<Chunk> _out = new("out");

        public Cutting() => Shape = new FlowShape<Chunk, Chunk>(_in, _out);

        public override FlowShape<Chunk, Chunk> Shape { get; }

        protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

        private sealed class Logic : InAndOutGraphStageLogic
        {
            private readonly Cutting _stage;

            public Logic(Cutting stage)
                : base(stage.Shape)
            {
                _stage = stage;
                SetHandlers(stage._in, stage._out, this);
            }

            public override void OnPush() => Fail(_stage._out, new FlowCutException());

            public override void OnPull() => Pull(_stage._in);
        }
    }

    /// <summary>Does the same to all tunnels, and to datagrams what they say.</summary>
    private sealed class Doing(RelayFlows? flows) : IDistortion, IDatagramFlow
    {
        public RelayFlows? Of(SessionId session, UserName? user, Destination destination, string? serverName) => flows;

        public IDatagramFlow OfDatagrams(SessionId session, UserName? user) => this;

        public int Pass(bool up, DatagramAddress other, Span<byte> room, int length)
        {
            switch (Encoding.ASCII.GetString(room[..length]))
            {
                case "keep" when up:
                case "back" when !up:
                    return -1;
                case "grow" when up:
                    " grow"u8.CopyTo(room[length..]);
                    return length + 5;
                default:
                    return length;
            }
        }
    }
}
