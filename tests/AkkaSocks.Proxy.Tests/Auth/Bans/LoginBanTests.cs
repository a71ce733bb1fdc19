using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Bans;

/// <summary>Clients that guess, at whole nodes: what they are told, how long it takes, and whom else it concerns.</summary>
public sealed class LoginBanTests
{
    private const int PerUserAtAddress = 5, PerAddress = 20;

    private static readonly IPAddress Attacker = IPAddress.Parse("127.0.0.66"), Neighbour = IPAddress.Parse("127.0.0.77");
    private static readonly UserName Alice = UserName.FromText("alice");

    [Fact]
    public async Task Of_a_thousand_wrong_passwords_few_are_verified_and_others_notice_nothing()
    {
        using var origin = Origin.Echo();
        await using var node = await TestNode.StartAsync(Settings());
        var guesses = new ConcurrentQueue<int>(Enumerable.Range(0, 1000));
        var attack = Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            while (guesses.TryDequeue(out var guess))
                Assert.Equal(1, await StatusAsync(node.Endpoint, Attacker, $"user-{guess % 100}", $"guess-{guess}"));
        }));
        while (!attack.IsCompleted)
        {
            using var client = await SocksClient.ConnectAsync(node.Endpoint, Neighbour);
            Assert.Equal(ReplyCode.Succeeded, await client.LoginAsync("alice", "s3cret", origin.Endpoint));
        }

        await attack;
        Assert.Equal(1, await StatusAsync(node.Endpoint, Attacker, "alice", "s3cret"));
        var refusals = (await node.StopAndReadLogAsync()).Where(line => line.TryGetProperty("refusal", out _))
            .CountBy(line => line.GetProperty("refusal").GetString()!).ToDictionary();

        // The two threads may each have begun one more when the last that counts was told to be wrong.
        Assert.InRange(refusals["bad-credentials"], PerAddress, PerAddress + 2);
        Assert.Equal(1001 - refusals["bad-credentials"], refusals["address-banned"]);
    }

    [Fact]
    public async Task A_client_with_an_old_password_bans_neither_its_neighbours_nor_its_user_elsewhere()
    {
        await using var node = await TestNode.StartAsync(Settings());
        for (var i = 0; i < 100; i++)
            Assert.Equal(1, await StatusAsync(node.Endpoint, Attacker, "alice", "old"));
        Assert.Equal(1, await StatusAsync(node.Endpoint, Attacker, "alice", "s3cret"));
        Assert.Equal(0, await StatusAsync(node.Endpoint, Attacker, "bob", "s3cret"));
        Assert.Equal(0, await StatusAsync(node.Endpoint, Neighbour, "alice", "s3cret"));
        Assert.Contains(await node.StopAndReadLogAsync(), line => line.TryGetProperty("refusal", out var why) && why.GetString() == "user-banned");
    }

    [Fact]
    public async Task Who_is_banned_is_told_no_sooner_than_who_is_verified()
    {
        // Some 100 ms a verification, so that it shows.
        const string SlowHash =
            "$argon2id$v=19$m=65536,t=4,p=1$MDEyMzQ1Njc4OWFiY2RlZg$owQqJ4ztYqOes9YbT5SjgSc4HznqdC+9cGjClQ1aebw";
        var settings = Settings();
        await using var node = await TestNode.StartAsync(settings with
        {
            Auth = settings.Auth with { Users = [new UserSettings("alice", SlowHash, null)] },
        });
        var verified = new List<TimeSpan>();
        for (var i = 0; i < PerUserAtAddress; i++)
            verified.Add(await TimeAsync(node, $"guess-{i}"));
        for (var i = 0; i < PerUserAtAddress; i++)
            Assert.InRange(await TimeAsync(node, $"banned-{i}"), verified.Min() / 2, TimeSpan.FromMinutes(1));
        var lines = await node.StopAndReadLogAsync();
        Assert.Equal(PerUserAtAddress, lines.Count(line => line.GetProperty("refusal").GetString() == "user-banned"));
    }

    [Fact]
    public async Task A_banned_client_does_not_get_in_with_a_password_that_is_remembered()
    {
        await using var node = await TestNode.StartAsync(Settings());
        Assert.Equal(0, await StatusAsync(node.Endpoint, Neighbour, "alice", "s3cret"));
        await node.AskAsync<AuthRegistry.BanImposed>(
            new AuthRegistry.ImposeBan(BanTarget.Of(ClientNetwork.Of(Neighbour)), TimeSpan.FromHours(1), null));
        Assert.Equal(1, await StatusAsync(node.Endpoint, Neighbour, "alice", "s3cret"));
        Assert.Equal(0, await StatusAsync(node.Endpoint, Attacker, "alice", "s3cret"));
    }

    [Fact]
    public async Task A_banned_address_is_refused_where_nobody_needs_to_log_in_too()
    {
        using var origin = Origin.Echo();
        await using var node = await TestNode.StartAsync(TestSettings.Default);
        var ban = BanTarget.Of(ClientNetwork.Of(Neighbour));
        await node.AskAsync<AuthRegistry.BanImposed>(new AuthRegistry.ImposeBan(ban, TimeSpan.FromHours(1), null));
        using var banned = await SocksClient.ConnectAsync(node.Endpoint, Neighbour);
        await banned.SendAsync([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(origin.Endpoint)]);
        await banned.ExpectLastAsync([5, 0, .. Wire.Refusing(2)]);
        using var other = await node.OpenAsync(origin.Endpoint);
    }

    [Fact]
    public async Task Failures_spread_over_three_nodes_ban_on_all_and_a_node_that_comes_learns_it()
    {
        var settings = Settings();
        await using var cluster = await TestCluster.StartAsync(3, settings);
        Assert.Equal(0, await StatusAsync(cluster.Nodes[0].Endpoint, Neighbour, "alice", "s3cret"));
        for (var i = 0; i < PerAddress; i++)
            Assert.Equal(1, await StatusAsync(cluster.Nodes[i % 3].Endpoint, Attacker, $"user-{i}", "wrong"));
        foreach (var node in cluster.Nodes)
            await Eventually.TrueAsync(() => BansOf(node).Length == 1, $"{node.Name} to know of the ban");
        await cluster.AddAsync(TestCluster.FreePorts(1)[0], [.. cluster.Nodes.Take(2).Select(node => node.Node.Settings.Cluster.Port)], settings);
        await cluster.UpAsync(4);
        await Eventually.TrueAsync(() => BansOf(cluster.Nodes[3]).Length == 1, "the new node to know of the ban");
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(1, await StatusAsync(node.Endpoint, Attacker, "alice", "s3cret"));
            Assert.Equal(0, await StatusAsync(node.Endpoint, Neighbour, "alice", "s3cret"));
        }
    }

    [Fact]
    public async Task A_ban_that_a_node_has_missed_reaches_it_when_digests_are_compared()
    {
        await using var cluster = await TestCluster.StartAsync(2, Settings());
        var ban = new BanNotice(
            BanTarget.Of(Alice), new BanVersion(1, 1), BanCause.Operator, null, IsLifted: false, TimeSpan.FromHours(1));
        cluster.Nodes[0].System.ActorSelection("/user/auth").Tell(new BansChanged(new NodeIncarnation("nobody", 1), [ban]));
        await Eventually.TrueAsync(() => BansOf(cluster.Nodes[1]).Length == 1, "the other node to know of the ban");
        Assert.Equal(1, await StatusAsync(cluster.Nodes[1].Endpoint, Neighbour, "alice", "s3cret"));
    }

    [Fact]
    public async Task A_user_that_is_attacked_from_many_addresses_gets_in_at_every_node_from_where_it_is_known()
    {
        await using var cluster = await TestCluster.StartAsync(2, Settings());
        Assert.Equal(0, await StatusAsync(cluster.Nodes[0].Endpoint, Neighbour, "alice", "s3cret"));
        for (var i = 0; i < 30; i++)
            await StatusAsync(cluster.Nodes[i % 2].Endpoint, new IPAddress([127, 0, 1, (byte)(1 + i)]), "alice", $"guess-{i}");
        foreach (var node in cluster.Nodes)
        {
            await Eventually.TrueAsync(() => BansOf(node).Any(ban => ban.Target == BanTarget.Of(Alice)), "alice to be banned");
            Assert.Equal(1, await StatusAsync(node.Endpoint, IPAddress.Parse("127.0.1.100"), "alice", "s3cret"));
            Assert.Equal(0, await StatusAsync(node.Endpoint, IPAddress.Parse("127.0.1.100"), "bob", "s3cret"));
            await Eventually.TrueAsync(
                () => StatusAsync(node.Endpoint, Neighbour, "alice", "s3cret").Result == 0, "alice to get in from where she is known");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_operators_ban_ends_sessions_on_all_nodes_and_holds_there_until_it_is_lifted_at_any(bool byUser)
    {
        using var origin = Origin.Echo();
        await using var cluster = await TestCluster.StartAsync(2, Settings());
        var (here, there) = (cluster.Nodes[0], cluster.Nodes[1]);
        var target = byUser ? BanTarget.Of(Alice) : BanTarget.Of(ClientNetwork.Of(Neighbour));
        using var banned = await SocksClient.ConnectAsync(there.Endpoint, Neighbour);
        using var other = await SocksClient.ConnectAsync(there.Endpoint, Attacker);
        await banned.LoginAsync("alice", "s3cret", origin.Endpoint);
        await other.LoginAsync("bob", "s3cret", origin.Endpoint);

        var imposed = await here.AskAsync<AuthRegistry.BanImposed>(new AuthRegistry.ImposeBan(target, TimeSpan.FromHours(1), "spam"));
        await banned.ExpectResetAsync();
        await other.SendAsync(7);
        await other.ExpectAsync(7);
        Assert.Equal(1, await StatusAsync(there.Endpoint, Neighbour, "alice", "s3cret"));

        var told = Assert.Single(BansOf(there));
        Assert.Equal((target, BanCause.Operator, "spam"), (told.Target, told.Cause, told.Reason));
        Assert.InRange(told.Remaining, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.True((await there.AskAsync<AuthRegistry.BanLifted>(new AuthRegistry.LiftBan(imposed.Ban.Version))).WasThere);
        await Eventually.TrueAsync(() => StatusAsync(here.Endpoint, Neighbour, "alice", "s3cret").Result == 0, "the ban to be lifted here");
        Assert.Contains(
            await there.StopAndReadLogAsync(),
            line => line.TryGetProperty("termination", out var why) && why.GetString() == "banned");
    }

    private static ProxySettings Settings()
    {
        var settings = TestCluster.Settings(TestCluster.User("alice"), TestCluster.User("bob"));
        return settings with
        {
            Auth = settings.Auth with
            {
                Bans = settings.Auth.Bans with { FailuresPerUserAtAddress = PerUserAtAddress, FailuresPerAddress = PerAddress, FailuresPerUser = 25 },
            },
        };
    }

    private static BanNotice[] BansOf(TestNode node) =>
        [.. node.AskAsync<AuthRegistry.Bans>(new AuthRegistry.GetBans()).Result.Items.Where(ban => !ban.IsLifted)];

    private static async Task<TimeSpan> TimeAsync(TestNode node, string password)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal(1, await StatusAsync(node.Endpoint, Attacker, "alice", password));
        return watch.Elapsed;
    }

    /// <summary>RFC 1929's STATUS, and the end of the stream when that is no success.</summary>
    private static async Task<byte> StatusAsync(IPEndPoint node, IPAddress from, string user, string password)
    {
        using var client = await SocksClient.ConnectAsync(node, from);
        await client.SendAsync([.. Wire.GreetingWithPassword, .. Wire.Login(user, password)]);
        await client.ExpectAsync(5, 2, 1);
        var status = (await client.ReceiveAsync(1))[0];
        if (status != 0)
            await client.ExpectLastAsync();
        return status;
    }
}
