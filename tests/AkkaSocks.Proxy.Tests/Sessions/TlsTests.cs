using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Clustering;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>TLS in front of a listener: who gets in, by what, and what becomes of the others.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new(), _stranger = new("somebody else");

    public static TheoryData<Engine> Engines => [.. Enum.GetValues<Engine>()];

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Where_TLS_is_required_nothing_else_gets_a_byte(Engine engine)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(engine).Secured());
        using (var plain = await SocksClient.ConnectAsync(node.Endpoint))
        {
            await plain.SendAsync(5, 1, 0);
            await plain.ExpectLastAsync();
        }

        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("refused", line.GetProperty("end").GetString());
        Assert.Equal("tls-required", line.GetProperty("refusal").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Where_TLS_is_optional_the_first_byte_decides(Engine engine)
    {
        await using var node = await TestNode.StartAsync(
            TestSettings.Default.Over(engine).Secured(TestTls.Required with { Mode = TlsMode.Optional }));
        using var origin = Origin.Echo();
        using (var plain = await SocksClient.ConnectAsync(node.Endpoint))
        {
            await plain.HandshakeAsync(origin.Endpoint);
            await plain.SendAsync(1, 2, 3);
            await plain.ExpectAsync(1, 2, 3);
        }

        using (var secured = await SocksClient.ConnectSecuredAsync(node.Endpoint, versions: SslProtocols.Tls12))
        {
            await secured.HandshakeAsync(origin.Endpoint);
            await secured.SendAsync(1, 2, 3);
            await secured.ExpectAsync(1, 2, 3);
        }

        await node.QuietAsync();
        var lines = await node.StopAndReadLogAsync();
        Assert.False(lines[0].TryGetProperty("tls", out _));
        Assert.Equal("1.2", lines[1].GetProperty("tls").GetString());
        Assert.Equal("proxy.test", lines[1].GetProperty("serverName").GetString());
    }

    [Fact]
    public async Task Without_TLS_a_client_hello_is_an_unknown_protocol()
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default);
        using (var client = await SocksClient.ConnectAsync(node.Endpoint))
        {
            await client.SendAsync(0x16, 3, 1, 0, 1, 1);
            await client.ExpectLastAsync();
        }

        await node.QuietAsync();
        Assert.Equal("unknown-protocol", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("refusal").GetString());
    }

    [Fact]
    public async Task There_is_no_TLS_inside_TLS()
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Secured());
        using (var client = await node.ConnectAsync())
        {
            await client.SendAsync(0x16, 3, 1, 0, 1, 1);
            await client.ExpectLastAsync();
        }

        await node.QuietAsync();
        Assert.Equal("unknown-protocol", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("refusal").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_refusal_inside_TLS_reaches_the_client_before_the_end(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.Password).Secured());
        using var client = await node.ConnectAsync();
        await client.SendAsync(5, 1, 0);
        await client.ExpectLastAsync(5, 0xFF);
    }

    [Fact]
    public async Task A_name_that_a_client_asks_for_is_escaped_in_the_log()
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Secured());
        using (var client = await SocksClient.ConnectSecuredAsync(node.Endpoint, name: "a_b\u00e4.test"))
            client.ShutdownSend();

        await node.QuietAsync();
        var name = Assert.Single(await node.StopAndReadLogAsync()).GetProperty("serverName").GetString();
        Assert.All(name!, it => Assert.InRange(it, '!', '~'));
    }

    [Fact]
    public async Task What_is_older_than_TLS_1_2_is_refused()
    {
        await using var node = await TestNode.StartAsync(
            TestSettings.Default.Secured(TestTls.Required with { MinVersion = TlsVersion.Tls13 }));
        await Assert.ThrowsAnyAsync<Exception>(() => SocksClient.ConnectSecuredAsync(node.Endpoint, versions: SslProtocols.Tls12));

        await node.QuietAsync();
        Assert.Equal("tls-failed", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("refusal").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task S11_a_handshake_that_stalls_is_ended_at_the_deadline_wherever_it_stalls(Engine engine)
    {
        var settings = TestSettings.Default.Over(engine).Secured();
        settings = settings with { Limits = settings.Limits with { HandshakeTimeout = TimeSpan.FromSeconds(1) } };
        await using var node = await TestNode.StartAsync(settings);

        // Nothing; half a header; half a ClientHello; TLS and then nothing.
        byte[][] beginnings = [[], [0x16, 3], [0x16, 3, 1, 1, 0, 1, 0, 0xFC], [0x16, 3, 1, 0, 4, 1, 0, 1, 0]];
        foreach (var beginning in beginnings)
        {
            using var client = await SocksClient.ConnectAsync(node.Endpoint);
            await client.SendAsync(beginning);
            Assert.Empty(await client.ReceiveToEndAsync());
        }

        using (var client = await node.ConnectAsync())
            Assert.Empty(await client.ReceiveToEndAsync());
        await node.QuietAsync();
        var lines = await node.StopAndReadLogAsync();
        Assert.Equal(5, lines.Count);
        Assert.All(lines, line =>
        {
            Assert.Equal("handshake-timed-out", line.GetProperty("end").GetString());
            Assert.InRange(line.GetProperty("durationMs").GetInt64(), 1000, 3000);
        });
    }

    [Fact]
    public async Task More_handshakes_at_once_than_allowed_are_refused()
    {
        var settings = TestSettings.Default.Secured();
        await using var node = await TestNode.StartAsync(settings with { Limits = settings.Limits with { MaxTlsHandshakes = 2 } });
        using var first = await SocksClient.ConnectAsync(node.Endpoint);
        using var second = await SocksClient.ConnectAsync(node.Endpoint);
        await first.SendAsync(0x16, 3, 1);
        await second.SendAsync(0x16, 3, 1);
        await Eventually.TrueAsync(
            () =>
            {
                using var third = SocksClient.ConnectAsync(node.Endpoint).Result;
                third.Socket.Send([0x16, 3, 1]);
                return third.Socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead);
            },
            "a third handshake to be closed");

        first.Dispose();
        second.Dispose();
        await Eventually.TrueAsync(() => node.Node.Gate.Sessions == 0, "both to end");
        using (await node.ConnectAsync())
        {
        }

        Assert.Contains(
            await node.StopAndReadLogAsync(),
            line => line.TryGetProperty("refusal", out var refusal) && refusal.GetString() == "too-many-tls-handshakes");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_certificate_is_a_login_where_only_passwords_are(Engine engine)
    {
        await using var node = await StartAsync(ClientAuth.Require, engine);
        using var origin = Origin.Echo();
        using (var client = await SocksClient.ConnectSecuredAsync(node.Endpoint, Client("alice")))
        {
            await client.HandshakeAsync(origin.Endpoint);
            await client.SendAsync(1, 2, 3);
            await client.ExpectAsync(1, 2, 3);
        }

        await node.QuietAsync();
        Assert.Equal("alice", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("user").GetString());
    }

    [Fact]
    public async Task A_certificate_of_nobody_gets_no_further()
    {
        await using var node = await StartAsync(ClientAuth.Require);
        using (var client = await SocksClient.ConnectSecuredAsync(node.Endpoint, Client("mallory")))
        {
            await client.SendAsync(5, 1, 0);
            await client.ExpectLastAsync();
        }

        await node.QuietAsync();
        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("bad-credentials", line.GetProperty("refusal").GetString());
        Assert.Equal("mallory", line.GetProperty("user").GetString());
    }

    [Fact]
    public async Task The_limits_of_the_user_hold_for_a_certificate()
    {
        await using var node = await StartAsync(ClientAuth.Require, maxSessions: 1);
        using var origin = Origin.Echo();
        using var first = await SocksClient.ConnectSecuredAsync(node.Endpoint, Client("alice"));
        await first.HandshakeAsync(origin.Endpoint);
        using var second = await SocksClient.ConnectSecuredAsync(node.Endpoint, Client("alice"));
        await second.SendAsync(5, 1, 0);
        await second.ExpectAsync(5, 0);
        await second.SendAsync(SocksClient.RequestFor(origin.Endpoint));
        Assert.Equal(ReplyCode.NotAllowed, (await second.ReceiveReplyAsync()).Code);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_certificate_of_another_authority_or_none_fails_the_handshake(SslProtocols version)
    {
        await using var node = await StartAsync(ClientAuth.Require);
        foreach (var certificate in new[] { Load(_stranger.Issue("alice", "CN=alice")), Load(_authority.Issue("old", "CN=alice", null, -2, -1)), null })
        {
            // In TLS 1.3 the client's side is done before the server has seen its certificate.
            await Assert.ThrowsAnyAsync<IOException>(async () =>
            {
                try
                {
                    using var client = await SocksClient.ConnectSecuredAsync(node.Endpoint, certificate, version);
                    await client.SendAsync(5, 1, 0);
                    await client.ReceiveAsync(2);
                }
                catch (AuthenticationException refused)
                {
                    throw new IOException("In the handshake.", refused);
                }
            });
        }

        await node.QuietAsync();
        var lines = await node.StopAndReadLogAsync();
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.Equal("tls-failed", line.GetProperty("refusal").GetString()));
    }

    [Fact]
    public async Task Where_a_certificate_is_requested_a_client_without_one_logs_in_by_password()
    {
        await using var node = await StartAsync(ClientAuth.Request);
        using var origin = Origin.Echo();
        using (var client = await SocksClient.ConnectSecuredAsync(node.Endpoint))
        {
            Assert.Equal(ReplyCode.Succeeded, await client.LoginAsync("alice", "s3cret", origin.Endpoint));
            await client.SendAsync(1);
            await client.ExpectAsync(1);
        }

        using (var client = await SocksClient.ConnectSecuredAsync(node.Endpoint))
        {
            await client.SendAsync(5, 1, 0);
            await client.ExpectLastAsync(5, 0xFF);
        }

        using (var client = await SocksClient.ConnectSecuredAsync(node.Endpoint, Client("alice")))
            await client.HandshakeAsync(origin.Endpoint);
    }

    /// <summary>T28.</summary>
    [Fact]
    public async Task T28_another_certificate_is_there_for_the_next_handshake_and_no_connection_is_dropped()
    {
        var tls = TestTls.For(_authority);
        await using var node = await TestNode.StartAsync(TestSettings.Default.Secured(tls));
        using var origin = Origin.Echo();
        using var before = await node.OpenAsync(origin.Endpoint);
        var first = SerialSeenBy(before);

        using var carrying = new CancellationTokenSource();
        var traffic = CarryUntil(before, carrying.Token);
        TestTls.For(_authority);
        await Eventually.TrueAsync(() => SerialNow(node) != first, "the new certificate", TimeSpan.FromSeconds(5));

        // What nobody can use changes nothing, and is said once.
        var second = SerialNow(node);
        await File.WriteAllTextAsync(tls.Key, "nonsense");
        await Eventually.TrueAsync(
            () =>
            {
                Assert.Equal(second, SerialNow(node));
                return !node.Warnings.All(it => !it.Contains("cannot be used", StringComparison.Ordinal));
            },
            "a warning");
        TestTls.For(_authority);
        await Eventually.TrueAsync(() => SerialNow(node) != second, "the next certificate", TimeSpan.FromSeconds(5));
        Assert.Single(node.Warnings, it => it.Contains("cannot be used", StringComparison.Ordinal));

        await carrying.CancelAsync();
        Assert.True(await traffic.InTime() > 0);
    }

    private static async Task<int> CarryUntil(SocksClient client, CancellationToken end)
    {
        for (var rounds = 0; ; rounds++)
        {
            if (end.IsCancellationRequested)
                return rounds;
            await client.SendAsync(1, 2, 3);
            await client.ExpectAsync(1, 2, 3);
        }
    }

    private static string SerialNow(TestNode node)
    {
        using var client = node.ConnectAsync().GetAwaiter().GetResult();
        return SerialSeenBy(client);
    }

    private static string SerialSeenBy(SocksClient client) => client.Tls!.RemoteCertificate!.GetSerialNumberString();

    private X509Certificate2 Client(string name) => Load(_authority.Issue(name, $"CN={name}"));

    private static X509Certificate2 Load((string Certificate, string Key) files) =>
        X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    private Task<TestNode> StartAsync(ClientAuth auth, Engine engine = Engine.EpollTunnel, int? maxSessions = null)
    {
        var settings = SharedNodes.Accepting(engine, AcceptedMethod.Password).Secured(TestTls.For(_authority) with { ClientAuth = auth });
        return TestNode.StartAsync(settings with
        {
            Auth = settings.Auth with { Users = [settings.Auth.Users[0] with { MaxSessions = maxSessions }] },
        });
    }
}
