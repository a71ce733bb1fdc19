using System.Net.Sockets;
using System.Text;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>Greeting and method selection on the wire: rows G1 to G13.</summary>
public sealed class GreetingTests(SharedNodes nodes) : IClassFixture<SharedNodes>
{
    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Engines))]
    public async Task G1_no_authentication_is_selected_where_it_is_accepted(Engine engine)
    {
        using var client = await ConnectAsync(engine, AcceptedMethod.None);
        await client.SendAsync(5, 1, 0);
        await client.ExpectAsync(5, 0);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G2_password_is_selected_where_it_is_accepted(Engine engine)
    {
        using var client = await ConnectAsync(engine, AcceptedMethod.Password);
        await client.SendAsync(5, 1, 2);
        await client.ExpectAsync(5, 2);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G3_without_an_acceptable_method_the_client_is_told_and_closed(Engine engine)
    {
        using var client = await ConnectAsync(engine, AcceptedMethod.Password);
        await client.SendAsync(5, 1, 0);
        await client.ExpectLastAsync(5, 0xFF);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G3_a_client_that_does_not_close_is_closed_within_a_second(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.Password));
        using var client = await node.ConnectAsync();
        await client.SendAsync(5, 1, 0);
        await client.ExpectLastAsync(5, 0xFF);

        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("refused", line.GetProperty("end").GetString());
        Assert.Equal("no-acceptable-method", line.GetProperty("refusal").GetString());
        Assert.InRange(line.GetProperty("durationMs").GetInt64(), 900, 3000);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G4_a_greeting_without_methods_is_refused(Engine engine)
    {
        using var client = await ConnectAsync(engine, AcceptedMethod.None);
        await client.SendAsync(5, 0);
        await client.ExpectLastAsync(5, 0xFF);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G5_the_server_prefers_password_whatever_the_order_of_the_offers(Engine engine)
    {
        foreach (byte[] offer in new byte[][] { [0, 2], [2, 0] })
        {
            using var client = await ConnectAsync(engine, AcceptedMethod.None, AcceptedMethod.Password);
            await client.SendAsync([5, 2, .. offer]);
            await client.ExpectAsync(5, 2);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G5_a_client_that_offers_no_password_goes_without_where_both_are_accepted(Engine engine)
    {
        using var client = await ConnectAsync(engine, AcceptedMethod.None, AcceptedMethod.Password);
        await client.SendAsync(5, 1, 0);
        await client.ExpectAsync(5, 0);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G6_gssapi_and_chap_are_never_selected(Engine engine)
    {
        foreach (byte[] offer in new byte[][] { [0, 1, 2], [0, 3, 2], [1, 3, 0] })
        {
            using var client = await ConnectAsync(engine, AcceptedMethod.None);
            await client.SendAsync([5, 3, .. offer]);
            await client.ExpectAsync(5, 0);
        }

        using var only = await ConnectAsync(engine, AcceptedMethod.None, AcceptedMethod.Password);
        await only.SendAsync(5, 2, 1, 3);
        await only.ExpectLastAsync(5, 0xFF);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G7_repeated_offers_and_all_255_methods_are_a_normal_greeting(Engine engine)
    {
        using var repeating = await ConnectAsync(engine, AcceptedMethod.Password);
        await repeating.SendAsync(5, 4, 0, 0, 2, 2);
        await repeating.ExpectAsync(5, 2);

        using var all = await ConnectAsync(engine, AcceptedMethod.Password);
        await all.SendAsync([5, 255, .. Enumerable.Range(0, 255).Select(method => (byte)method)]);
        await all.ExpectAsync(5, 2);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G8_ff_and_private_methods_are_never_selected(Engine engine)
    {
        foreach (byte method in new byte[] { 0xFF, 0xFE, 0x80 })
        {
            using var client = await ConnectAsync(engine, AcceptedMethod.None, AcceptedMethod.Password);
            await client.SendAsync(5, 1, method);
            await client.ExpectLastAsync(5, 0xFF);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G9_another_protocol_is_closed_without_a_byte(Engine engine)
    {
        byte[][] openings =
        [
            [6], Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"), [0x16, 3, 1, 2, 0, 1, 0, 1],
            [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51], [4, 1, 0, 80, 127, 0, 0, 1, 0], [0],
        ];
        foreach (var opening in openings)
        {
            using var client = await ConnectAsync(engine, AcceptedMethod.None);
            await client.SendAsync(opening);
            await client.ExpectLastAsync();
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G9_the_session_log_says_that_it_was_another_protocol(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.None));
        using var client = await node.ConnectAsync();
        await client.SendAsync(6);
        await client.ExpectLastAsync();
        await node.QuietAsync();
        Assert.Equal("unknown-protocol", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("refusal").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task G12_the_handshake_deadline_is_absolute_and_not_per_byte(Engine engine)
    {
        var settings = SharedNodes.Accepting(engine, AcceptedMethod.None);
        settings = settings with { Limits = settings.Limits with { HandshakeTimeout = TimeSpan.FromSeconds(1) } };
        await using var node = await TestNode.StartAsync(settings);
        using var client = await node.ConnectAsync();
        var end = client.ReceiveToEndAsync();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        await client.SendAsync(5, 255);
        try
        {
            while (!end.IsCompleted && await beat.WaitForNextTickAsync())
                await client.SendAsync(0);
        }
        catch (SocketException)
        {
            // The proxy has closed between two bytes.
        }

        Assert.Empty(await end);
        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("handshake-timed-out", line.GetProperty("end").GetString());
        Assert.InRange(line.GetProperty("durationMs").GetInt64(), 1000, 3000);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_client_that_closes_early_ends_its_session(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.Password));
        byte[] exchange = [.. Wire.GreetingWithPassword, .. Wire.Login("alice", "s3cret"), 5, 1, 0, 1, 127, 0, 0, 1, 0];
        for (var length = 0; length <= exchange.Length; length++)
        {
            using var client = await node.ConnectAsync();
            await client.SendAsync(exchange[..length]);
            client.ShutdownSend();
            await client.ReceiveToEndAsync();
        }

        await node.QuietAsync();
        var lines = await node.StopAndReadLogAsync();
        Assert.Equal(exchange.Length + 1, lines.Count);
        Assert.All(lines, line => Assert.Equal("client-closed", line.GetProperty("end").GetString()));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_client_that_resets_early_ends_its_session(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.Password));
        byte[] exchange = [.. Wire.GreetingWithPassword, .. Wire.Login("alice", "s3cret"), 5, 1, 0, 1, 127, 0, 0, 1, 0];
        for (var length = 0; length <= exchange.Length; length++)
        {
            using var client = await node.ConnectAsync();
            await client.SendAsync(exchange[..length]);
            client.Reset();
        }

        await node.QuietAsync();
        Assert.All(await node.StopAndReadLogAsync(), line => Assert.Equal("client-reset", line.GetProperty("end").GetString()));
    }

    private async Task<SocksClient> ConnectAsync(Engine engine, params AcceptedMethod[] methods) =>
        await (await nodes.NodeAsync(engine, methods)).ConnectAsync();
}
