using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Tests.Relays;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>Tunnels whose name decides whether they are looked into: listened to by the session, then carried like any other or handed
/// over. What was heard goes first, and once.</summary>
public sealed class SniffingTests
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(5);

    public static TheoryData<Way> Ways => RelayTests.Ways;

    [Theory, MemberData(nameof(Ways))]
    public async Task One_that_is_outside_is_carried_as_it_is_with_what_was_said_and_half_closes(Way way)
    {
        await using var node = await StartAsync(way, Never);
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();

        await client.SendAsync("no"u8.ToArray());
        Assert.Equal("no", await TextAsync(served, 2));
        await client.SendAsync(" more"u8.ToArray());
        client.ShutdownSend();
        Assert.Equal(" more", await TextAsync(served, 5));
        Assert.Equal(0, await served.ReceiveAsync(new byte[1]).InTime());
        await served.SendAsync("answer"u8.ToArray());
        served.Close();

        await client.ExpectLastAsync("answer"u8.ToArray());
        var line = await LineAsync(node);
        Assert.Equal(("out-of-scope", "completed"), (line.GetProperty("intercept").GetString(), line.GetProperty("end").GetString()));
        Assert.Equal((7, 6), (line.GetProperty("clientToDestination").GetInt64(), line.GetProperty("destinationToClient").GetInt64()));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task One_that_is_inside_is_handed_over_with_all_that_was_said(Way way)
    {
        await using var node = await StartAsync(way, Never);
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);

        // In pieces, of which the first does not tell.
        await client.SendAsync("?"u8.ToArray());
        await client.SendAsync("?"u8.ToArray());
        await client.SendAsync("yes"u8.ToArray());

        await client.ExpectLastAsync("heard ??yes"u8.ToArray());
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_server_that_speaks_first_is_heard(Way way)
    {
        await using var node = await StartAsync(way, Never);
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();

        await served.SendAsync("220 ready"u8.ToArray());

        await client.ExpectAsync("220 ready"u8.ToArray());
        await client.SendAsync("yes"u8.ToArray());
        Assert.Equal("yes", await TextAsync(served, 3));
        served.Close();
        client.ShutdownSend();
        await client.ExpectLastAsync();
        Assert.Equal("server-first", (await LineAsync(node)).GetProperty("intercept").GetString());
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_client_that_ends_without_a_word_ends_like_any_other(Way way)
    {
        await using var node = await StartAsync(way, Never);
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();

        client.ShutdownSend();

        Assert.Equal(0, await served.ReceiveAsync(new byte[1]).InTime());
        served.Close();
        await client.ExpectLastAsync();
        Assert.Equal("silent", (await LineAsync(node)).GetProperty("intercept").GetString());
    }

    /// <summary>Then it is a relay as any other, which silence ends by another limit.</summary>
    [Theory, MemberData(nameof(Ways))]
    public async Task Silence_ends_the_listening(Way way)
    {
        var settings = TestSettings.Default with { Relay = TestSettings.Default.Relay with { IdleTimeout = TimeSpan.FromMilliseconds(200) } };
        await using var node = await TestNode.StartInterceptedAsync(settings.Over(way), new ByWord(TimeSpan.FromMilliseconds(100)));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();

        var line = await LineAsync(node);

        Assert.Equal(("silent", "idle-timed-out"), (line.GetProperty("intercept").GetString(), line.GetProperty("end").GetString()));
    }

    [Fact]
    public async Task A_client_that_begins_and_does_not_go_on_is_carried_when_its_time_is_up()
    {
        var settings = TestSettings.Default with
        {
            Limits = TestSettings.Default.Limits with { HandshakeTimeout = TimeSpan.FromSeconds(1) },
        };
        await using var node = await TestNode.StartInterceptedAsync(settings, new ByWord(Never));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();

        await client.SendAsync("?"u8.ToArray());

        Assert.Equal("?", await TextAsync(served, 1));
    }

    [Fact]
    public async Task What_is_more_than_is_listened_to_is_carried()
    {
        await using var node = await StartAsync(Way.EpollTunnel, Never);
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();
        var much = new string('?', 200_000);

        var sending = client.SendAsync(Encoding.ASCII.GetBytes(much));

        Assert.Equal(much, await TextAsync(served, much.Length));
        await sending;
    }

    [Fact]
    public async Task A_client_that_resets_meanwhile_ends_both_sides()
    {
        await using var node = await StartAsync(Way.EpollTunnel, Never);
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        using var served = await origin.AcceptAsync();

        client.Reset();

        await Assert.ThrowsAsync<SocketException>(() => served.ReceiveAsync(new byte[1]).InTime());
        Assert.Equal("client-reset", (await LineAsync(node)).GetProperty("end").GetString());
    }

    private static Task<TestNode> StartAsync(Way way, TimeSpan silence) =>
        TestNode.StartInterceptedAsync(TestSettings.Default.Over(way), new ByWord(silence));

    private static async Task<string> TextAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
            got += await socket.ReceiveAsync(bytes.AsMemory(got)).AsTask().InTime() is var n and > 0 ? n : throw new EndOfStreamException();
        return Encoding.ASCII.GetString(bytes);
    }

    private static async Task<JsonElement> LineAsync(TestNode node)
    {
        await node.QuietAsync();
        return Assert.Single(await node.StopAndReadLogAsync());
    }

    /// <summary>Takes questions for a hello that is not there yet, and yes for a name that is in scope.</summary>
    private sealed class ByWord(TimeSpan silence) : IInterceptor
    {
        public TimeSpan Silence => silence;

        public TunnelScope ScopeOf(Destination destination, UserName? user) => TunnelScope.ByName;

        public FirstWords Hear(Destination destination, ReadOnlyMemory<byte> said)
        {
            var word = said.Span.TrimStart((byte)'?');
            return new FirstWords(
                word.IsEmpty ? TunnelScope.ByName : word[0] == 'y' ? TunnelScope.Inside : TunnelScope.Outside, InterceptOutcome.OutOfScope, null);
        }

        public InterceptForecast Foresee(Destination destination, UserName? user, IPAddress? client) => throw new NotSupportedException();

        public async Task Carry(InterceptedTunnel tunnel)
        {
            var heard = await tunnel.Client.Input.ReadAtLeastAsync("??yes".Length);
            await tunnel.Client.Output.WriteAsync("heard "u8.ToArray());
            foreach (var piece in heard.Buffer)
                await tunnel.Client.Output.WriteAsync(piece);
            tunnel.Client.Input.AdvanceTo(heard.Buffer.End);
            await tunnel.Client.Output.CompleteAsync();
            await tunnel.Client.Input.CompleteAsync();
            await tunnel.Origin.Output.CompleteAsync();
            await tunnel.Origin.Input.CompleteAsync();
        }
    }
}
