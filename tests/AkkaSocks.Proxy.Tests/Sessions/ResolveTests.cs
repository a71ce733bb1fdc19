using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Egress;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>Tor's RESOLVE and RESOLVE_PTR on the wire: rows X1, X2 and X4.</summary>
public sealed class ResolveTests(SharedNodes nodes) : IClassFixture<SharedNodes>, IDisposable
{
    private const byte Resolve = 0xF0, ResolvePtr = 0xF1;
    private const string Public = "public.example", Sixth = "sixth.example", Inside = "inside.example", Mixed = "mixed.example";

    private readonly TestDnsServer _dns = new((name, type) => (name, type) switch
    {
        (Public, TestDnsAnswer.A) => TestDnsAnswer.Of(name, 60, "8.8.8.8"),
        (Public or Sixth, TestDnsAnswer.Aaaa) => TestDnsAnswer.Of(name, 60, "2600::1"),
        (Inside, TestDnsAnswer.A) => TestDnsAnswer.Of(name, 60, "10.0.0.1"),
        (Mixed, TestDnsAnswer.A) => TestDnsAnswer.Of(name, 60, "10.0.0.1", "8.8.4.4"),
        ("8.8.8.8.in-addr.arpa", TestDnsAnswer.Ptr) => new TestDnsAnswer([(name, TestDnsAnswer.Ptr, 60, "dns.example")]),
        ("4.4.8.8.in-addr.arpa", TestDnsAnswer.Ptr) => new TestDnsAnswer([(name, TestDnsAnswer.Ptr, 60, "a b.example")]),
        (Public or Sixth or Inside or Mixed, _) => TestDnsAnswer.Empty,
        _ => TestDnsAnswer.NoSuchName,
    });

    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    public void Dispose() => _dns.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public async Task X1_a_name_is_answered_by_an_address_that_policy_allows(Engine engine)
    {
        await using var node = await NodeAsync(engine);
        foreach (var (name, answer) in new (string, byte[])[]
        {
            (Public, [5, 0, 0, 1, 8, 8, 8, 8, 0, 0]),
            (Mixed, [5, 0, 0, 1, 8, 8, 4, 4, 0, 0]),
            (Sixth, [5, 0, 0, 4, 0x26, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
            ("8.8.8.8", [5, 0, 0, 1, 8, 8, 8, 8, 0, 0]),
        })
        {
            using var client = await GreetedAsync(node);
            await client.SendAsync(Asking(Resolve, name));
            await client.ExpectLastAsync(answer);
        }

        await node.QuietAsync();
        Assert.All(await node.StopAndReadLogAsync(), line =>
            Assert.Equal(("completed", "resolve"), (line.GetProperty("end").GetString(), line.GetProperty("command").GetString())));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X1_a_name_that_leads_inside_is_04_like_one_without_an_address_and_the_log_tells_them_apart(Engine engine)
    {
        await using var node = await NodeAsync(engine);
        string[] names = ["none.example", "127.1", Inside, "10.0.0.1", "169.254.169.254"];
        foreach (var name in names)
        {
            using var client = await GreetedAsync(node);
            await client.SendAsync(Asking(Resolve, name));
            await client.ExpectLastAsync(Wire.Refusing(4));
            await node.QuietAsync();
        }

        Assert.Equal(
            ["name-not-resolved", "bad-destination-name", "answer-not-allowed", "answer-not-allowed", "answer-not-allowed"],
            (await node.StopAndReadLogAsync()).Select(line => line.GetProperty("refusal").GetString()));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X1_where_it_is_off_both_are_commands_that_are_not_known_and_nothing_is_looked_up(Engine engine)
    {
        var settings = Settings(engine) with { Resolve = new ResolveSettings { Enabled = false } };
        await using var node = await TestNode.StartAsync(settings);
        foreach (var request in new[] { Asking(Resolve, Public), Wire.Request(ResolvePtr, new IPEndPoint(IPAddress.Parse("8.8.8.8"), 0)) })
        {
            using var client = await GreetedAsync(node);
            await client.SendAsync(request);
            await client.ExpectLastAsync(Wire.Refusing(7));
        }

        Assert.Empty(_dns.Asked);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task F5_in_SOCKS4A_a_name_is_answered_by_its_IPv4_address(Engine engine)
    {
        await using var node = await NodeAsync(engine);
        foreach (var (name, answer) in new (string, byte[])[]
        {
            (Public, [0, 0x5A, 0, 0, 8, 8, 8, 8]), (Sixth, Wire.Socks4Refusal), (Inside, Wire.Socks4Refusal),
        })
        {
            using var client = await node.ConnectAsync();
            await client.SendAsync(Wire.Socks4A(Resolve, name, 0));
            await client.ExpectLastAsync(answer);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X2_an_address_is_answered_by_its_name(Engine engine)
    {
        await using var node = await NodeAsync(engine);
        using var client = await GreetedAsync(node);
        await client.SendAsync(Wire.Request(ResolvePtr, new IPEndPoint(IPAddress.Parse("8.8.8.8"), 0)));
        await client.ExpectLastAsync([5, 0, 0, 3, 11, .. "dns.example"u8, 0, 0]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X2_what_has_no_fit_name_is_04_a_name_08_and_an_inner_address_02_unasked(Engine engine)
    {
        await using var node = await NodeAsync(engine);
        foreach (var (request, code) in new (byte[], byte)[]
        {
            (Wire.Request(ResolvePtr, new IPEndPoint(IPAddress.Parse("8.8.4.4"), 0)), 4),
            (Wire.Request(ResolvePtr, new IPEndPoint(IPAddress.Parse("8.8.4.5"), 0)), 4),
            (Asking(ResolvePtr, Public), 8),
            (Wire.Request(ResolvePtr, new IPEndPoint(IPAddress.Parse("10.0.0.1"), 0)), 2),
        })
        {
            using var client = await GreetedAsync(node);
            await client.SendAsync(request);
            await client.ExpectLastAsync(Wire.Refusing(code));
        }

        Assert.DoesNotContain(_dns.Asked, it => it.Name.StartsWith("1.0.0.10."));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task X4_commands_that_other_proxies_have_invented_are_not_known_though_all_of_ours_are_on(Engine engine)
    {
        var settings = Settings(engine);
        await using var node = await TestNode.StartAsync(settings with { Bind = settings.Bind with { Enabled = true } });
        foreach (byte command in new byte[] { 0xF2, 0xF3, 0x05 }) // gost's, gost's, hev's
        {
            using var client = await GreetedAsync(node);
            await client.SendAsync(Asking(command, Public));
            await client.ExpectLastAsync(Wire.Refusing(7));
        }

        Assert.Empty(_dns.Asked);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task B3_a_caller_may_be_named_by_a_name(Engine engine)
    {
        var settings = Settings(engine);
        await using var node = await TestNode.StartAsync(settings with { Bind = settings.Bind with { Enabled = true } });
        using var client = await GreetedAsync(node);
        await client.SendAsync(Asking(2, "localhost"));
        var (_, bound) = await client.ReceiveReplyAsync();
        using var caller = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(new IPEndPoint(bound.Address!, bound.Port)).InTime();
        await client.ExpectAsync(5, 0, 0);

        using var inside = await GreetedAsync(node);
        await inside.SendAsync(Asking(2, Inside));
        await inside.ExpectLastAsync(Wire.Refusing(2));
    }

    [Fact]
    public async Task A_client_without_a_login_looks_nothing_up()
    {
        var node = await nodes.NodeAsync(Engine.EpollTunnel, AcceptedMethod.Password);
        using var client = await node.ConnectAsync();
        await client.SendAsync([.. Wire.GreetingWithPassword, .. Asking(Resolve, Public)]);
        await client.ExpectLastAsync(5, 2, 1, 1);
        Assert.Empty(_dns.Asked);
    }

    private static byte[] Asking(byte command, string name) => [5, command, 0, 3, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0];

    private ProxySettings Settings(Engine engine)
    {
        var settings = SharedNodes.Accepting(engine, AcceptedMethod.None)
            .With(it => it with { Protocols = [ListenerProtocol.Socks5, ListenerProtocol.Socks4] });
        return settings with
        {
            Resolve = new ResolveSettings { Enabled = true },
            Egress = settings.Egress with { Dns = settings.Egress.Dns with { Servers = [_dns.Endpoint] } },
        };
    }

    private Task<TestNode> NodeAsync(Engine engine) => TestNode.StartAsync(Settings(engine));

    private static async Task<SocksClient> GreetedAsync(TestNode node)
    {
        var client = await node.ConnectAsync();
        await client.SendAsync(Wire.GreetingWithoutAuthentication);
        await client.ExpectAsync(5, 0);
        return client;
    }
}
