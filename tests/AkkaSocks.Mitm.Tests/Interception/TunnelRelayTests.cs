using System.Collections.Concurrent;
using System.Net;
using Akka;
using Akka.Actor;
using Akka.IO;
using Akka.Streams.Dsl;
using AkkaSocks.Mitm.Distortion;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Interception;

/// <summary>What is not HTTP goes through the flows that match it, whichever side of TLS it is on.</summary>
public sealed class TunnelRelayTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("relays");
    private readonly ConcurrentQueue<SessionEnd> _ends = [];
    private readonly PipedTunnel _tunnel;

    // What ends it ends both sides, as its relay would.
    public TunnelRelayTests() => _tunnel = new PipedTunnel(Destination.OfAddress(IPAddress.Parse("192.0.2.1"), 443), end =>
    {
        _ends.Enqueue(end);
        _tunnel!.FromClient.Writer.Complete(new IOException("ended"));
        _tunnel.FromOrigin.Writer.Complete(new IOException("ended"));
    });

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task Bytes_go_through_and_each_direction_ends_by_itself()
    {
        var carrying = CarryAsync("match { port = [443] }, up = [{ replace { text = ab, with = xyz } }], down = [{ chunk = 2B }]");
        await PipedTunnel.SayAsync(_tunnel.FromClient, "1 a");
        await PipedTunnel.SayAsync(_tunnel.FromClient, "b a");
        await _tunnel.FromClient.Writer.CompleteAsync();
        Assert.Equal("1 xyz a", await PipedTunnel.HearAllAsync(_tunnel.ToOrigin));

        await PipedTunnel.SayAsync(_tunnel.FromOrigin, "an answer");
        await _tunnel.FromOrigin.Writer.CompleteAsync();
        Assert.Equal("an answer", await PipedTunnel.HearAllAsync(_tunnel.ToClient));
        await carrying.InTime();
        Assert.Empty(_ends);
    }

    [Theory]
    [InlineData("port = [80]", false)]
    [InlineData("host = \"*.mail.test\"", true)]
    [InlineData("host = 192.0.2.1", true)]
    [InlineData("host = \"*.mail.test\", user = [bob]", false)]
    public async Task Match_decides_by_what_was_asked_for_and_by_the_name_that_TLS_asks_for(string match, bool isChanged)
    {
        var carrying = CarryAsync($"match {{ {match} }}, up = [{{ replace {{ text = a, with = b }} }}]");
        await PipedTunnel.SayAsync(_tunnel.FromClient, "a");
        await _tunnel.FromClient.Writer.CompleteAsync();
        Assert.Equal(isChanged ? "b" : "a", await PipedTunnel.HearAllAsync(_tunnel.ToOrigin));
        await _tunnel.FromOrigin.Writer.CompleteAsync();
        await carrying.InTime();
    }

    [Fact]
    public async Task Who_reads_slowly_holds_back_who_writes()
    {
        const int Piece = 16 * 1024, Pieces = 4000, MostUnderWay = 8 * 1024 * 1024;
        var carrying = CarryAsync(
            "match { }, up = [{ chunk = 8KiB }, { own { type = \"AkkaSocks.Mitm.Tests.Interception.Passing, AkkaSocks.Mitm.Tests\" } }]");
        var (written, read) = (0L, 0L);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Pieces; i++)
            {
                await _tunnel.FromClient.Writer.WriteAsync(new byte[Piece]);
                Interlocked.Add(ref written, Piece);
            }

            await _tunnel.FromClient.Writer.CompleteAsync();
        });
        while (read < (long)Piece * Pieces)
        {
            var heard = await _tunnel.ToOrigin.Reader.ReadAsync().InTime();
            Assert.False(heard.IsCompleted && heard.Buffer.IsEmpty);
            read += heard.Buffer.Length;
            Assert.InRange(Interlocked.Read(ref written) - read, -Piece, MostUnderWay);
            _tunnel.ToOrigin.Reader.AdvanceTo(heard.Buffer.End);
        }

        await writing.InTime();
        await _tunnel.FromOrigin.Writer.CompleteAsync();
        await carrying.InTime();
    }

    [Theory]
    [InlineData("{ drop-after = 3B }", nameof(SessionEnd.Cut))]
    [InlineData("{ own { type = \"AkkaSocks.Mitm.Tests.Interception.Failing, AkkaSocks.Mitm.Tests\" } }", nameof(SessionEnd.Failed))]
    [InlineData("{ own { type = \"AkkaSocks.Mitm.Tests.Interception.Leaving, AkkaSocks.Mitm.Tests\" } }", nameof(SessionEnd.Failed))]
    public async Task A_flow_that_cuts_fails_or_leaves_ends_the_tunnel_and_says_why(string step, string end)
    {
        var carrying = CarryAsync($"match {{ }}, up = [{step}]");
        await PipedTunnel.SayAsync(_tunnel.FromClient, "abc");
        await PipedTunnel.SayAsync(_tunnel.FromClient, "def");
        await carrying.InTime();
        Assert.Equal(end, $"{Assert.Single(_ends)}");
    }

    [Fact]
    public async Task A_side_that_breaks_breaks_the_other()
    {
        var carrying = CarryAsync("match { }, up = [{ count = on }], down = [{ count = on }]");
        await _tunnel.FromClient.Writer.CompleteAsync(new IOException("reset"));
        await Assert.ThrowsAnyAsync<IOException>(() => PipedTunnel.HearAllAsync(_tunnel.ToOrigin));
        await _tunnel.FromOrigin.Writer.CompleteAsync();
        await carrying.InTime();
        Assert.Empty(_ends);
    }

    /// <summary>Carries the tunnel, to 192.0.2.1:443, whose TLS asks for in.mail.test.</summary>
    private Task CarryAsync(string flow)
    {
        var flows = new RawFlows(Policies.SettingsOf($"raw-flows = [{{ name = it, {flow} }}]"));
        flows.Open(_system);
        var tunnel = _tunnel.Carried;
        return new TunnelRelay(flows).CarryAsync(tunnel, new RelayEnd(tunnel.Client), new RelayEnd(tunnel.Origin), "in.mail.test");
    }
}

/// <summary>As somebody else would write one.</summary>
public sealed class Passing : IRawFlowFactory
{
    public Flow<ByteString, ByteString, NotUsed> Create(RawFlowContext context) => Flow.Create<ByteString>();
}

/// <summary>One with a defect.</summary>
public sealed class Failing : IRawFlowFactory
{
    public Flow<ByteString, ByteString, NotUsed> Create(RawFlowContext context) =>
        Flow.Create<ByteString>().Select<ByteString, ByteString, ByteString, NotUsed>(_ => throw new InvalidOperationException("a defect"));
}

/// <summary>One that has had enough.</summary>
public sealed class Leaving : IRawFlowFactory
{
    public Flow<ByteString, ByteString, NotUsed> Create(RawFlowContext context) => Flow.Create<ByteString>().Take(1);
}
