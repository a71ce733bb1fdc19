using System.Text;
using Akka.Actor;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Auth.Users;
using AkkaSocks.Proxy.Tests.Auth.Users.Storing;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>User name and password (RFC 1929) on the wire: rows A1 to A8.</summary>
public sealed class AuthenticationTests(SharedNodes nodes) : IClassFixture<SharedNodes>
{
    public static TheoryData<Engine> Engines => [Engine.EpollTunnel, Engine.SocketsFlow];

    [Theory, MemberData(nameof(Engines))]
    public async Task A1_the_right_password_is_answered_with_version_1(Engine engine)
    {
        // Twice: verified the first time, known the second.
        for (var i = 0; i < 2; i++)
        {
            using var client = await ConnectAsync(engine);
            await client.SendAsync(Wire.Login("alice", "s3cret"));
            await client.ExpectAsync(1, 0);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A2_a_wrong_password_and_an_unknown_user_look_the_same(Engine engine)
    {
        foreach (var (user, password) in new[] { ("alice", "wrong"), ("mallory", "s3cret"), ("ALICE", "s3cret") })
        {
            using var client = await ConnectAsync(engine);
            await client.SendAsync(Wire.Login(user, password));
            await client.ExpectLastAsync(1, 1);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A3_another_version_is_refused(Engine engine)
    {
        foreach (byte version in new byte[] { 5, 0, 2, 0xFF })
        {
            using var client = await ConnectAsync(engine);
            await client.SendAsync([version, .. Wire.Login("alice", "s3cret")[1..]]);
            await client.ExpectLastAsync(1, 1);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A4_an_empty_name_or_password_is_read_and_refused(Engine engine)
    {
        foreach (var login in new[] { Wire.Login("", "s3cret"), Wire.Login("alice", ""), Wire.Login("", "") })
        {
            using var client = await ConnectAsync(engine);
            await client.SendAsync(login);
            await client.ExpectLastAsync(1, 1);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A5_and_A6_the_longest_name_and_password_of_any_bytes_work(Engine engine)
    {
        var name = "\0\r\n\u001b é" + new string('x', 248);
        byte[] password = [.. Enumerable.Range(1, 255).Select(it => (byte)it)];
        Assert.Equal(255, Encoding.UTF8.GetByteCount(name));
        await using var node = await TestNode.StartAsync(With(engine, name, password));
        var login = Wire.Login(Encoding.UTF8.GetBytes(name), password);
        Assert.Equal(513, login.Length);

        using (var client = await node.ConnectAsync())
        {
            await client.SendAsync([.. Wire.GreetingWithPassword, .. login]);
            await client.ExpectAsync(5, 2, 1, 0);
        }

        // The same text in Latin-1 is another name.
        using (var client = await node.ConnectAsync())
        {
            await client.SendAsync([.. Wire.GreetingWithPassword, .. Wire.Login(Encoding.Latin1.GetBytes(name), password)]);
            await client.ExpectLastAsync(5, 2, 1, 1);
        }

        await node.QuietAsync();
        Assert.All(
            await node.StopAndReadLogAsync(),
            line => Assert.StartsWith(@"\x00\x0d\x0a\x1b\x20\x", line.GetProperty("user").GetString(), StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A5_the_longest_greeting_login_and_request_in_one_segment_are_all_read(Engine engine)
    {
        byte[] password = [.. Enumerable.Repeat((byte)'p', 255)];
        var user = new string('u', 255);
        await using var node = await TestNode.StartAsync(With(engine, user, password));
        using var client = await node.ConnectAsync();
        var longestName = string.Join('.', Enumerable.Repeat(new string('-', 63), 4))[..255];

        // 257 + 513 + 262 bytes: more than the handshake buffer holds at once.
        byte[] greeting = [5, 255, .. Enumerable.Range(0, 255).Select(it => (byte)it)];
        var login = Wire.Login(Encoding.ASCII.GetBytes(user), password);
        await client.SendAsync([.. greeting, .. login, .. Wire.Connect(longestName, 80)]);

        await client.ExpectLastAsync([5, 2, 1, 0, .. Wire.Refusing(4)]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A7_a_login_after_no_authentication_was_selected_is_a_bad_request(Engine engine)
    {
        using var client = await (await nodes.NodeAsync(engine, AcceptedMethod.None)).ConnectAsync();
        await client.SendAsync([.. Wire.GreetingWithoutAuthentication, .. Wire.Login("alice", "s3cret")]);
        await client.ExpectLastAsync([5, 0, .. Wire.Refusing(1)]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A8_a_request_instead_of_a_login_is_refused_and_never_relayed(Engine engine)
    {
        using var origin = new Origin();
        using var client = await ConnectAsync(engine);
        var request = Wire.Connect(origin.Endpoint);
        await client.SendAsync([.. request, .. Wire.Login("alice", "s3cret"), .. request]);
        await client.ExpectLastAsync(1, 1);
        Assert.False(origin.HasClient);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A2_what_follows_a_refused_login_is_never_carried_out(Engine engine)
    {
        using var origin = new Origin();
        using var client = await ConnectAsync(engine);
        var request = Wire.Connect(origin.Endpoint);
        await client.SendAsync([.. Wire.Login("alice", "wrong"), .. request, .. Wire.Login("alice", "s3cret"), .. request]);
        await client.ExpectLastAsync(1, 1);
        Assert.False(origin.HasClient);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A1_the_log_names_the_user_and_a_refused_one_with_its_refusal(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.Password));
        using var client = await node.ConnectAsync();
        await client.SendAsync([.. Wire.GreetingWithPassword, .. Wire.Login("alice", "wrong")]);
        await client.ExpectLastAsync(5, 2, 1, 1);
        await node.QuietAsync();

        var line = Assert.Single(await node.StopAndReadLogAsync());
        Assert.Equal("alice", line.GetProperty("user").GetString());
        Assert.Equal("bad-credentials", line.GetProperty("refusal").GetString());
        Assert.DoesNotContain("wrong", line.GetRawText(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A2_a_disabled_and_an_expired_user_look_the_same_to_clients_and_not_in_the_log(Engine engine)
    {
        await using var node = await TestNode.StartAsync(SharedNodes.Accepting(engine, AcceptedMethod.Password));
        node.Node.Users.Merge(
        [
            TestUsers.Record("off") with { Enabled = false }, TestUsers.Record("past") with { ExpiresAt = DateTimeOffset.UtcNow },
        ]);
        foreach (var login in new[] { ("off", "s3cret"), ("past", "s3cret"), ("off", "wrong"), ("past", "wrong") })
        {
            using var client = await node.ConnectAsync();
            await client.SendAsync([.. Wire.GreetingWithPassword, .. Wire.Login(login.Item1, login.Item2)]);
            await client.ExpectLastAsync(5, 2, 1, 1);
            await node.QuietAsync();
        }

        Assert.Equal(
            ["user-disabled", "user-expired", "bad-credentials", "bad-credentials"],
            (await node.StopAndReadLogAsync()).Select(line => line.GetProperty("refusal").GetString()));
    }

    [Fact]
    public async Task A1_a_user_added_while_running_can_log_in_until_it_is_removed_and_is_there_after_a_restart()
    {
        using var disk = new TempDirectory();
        var settings = SharedNodes.Accepting(Engine.EpollTunnel, AcceptedMethod.Password) with { DataDirectory = disk.Path };
        settings = settings with
        {
            Auth = settings.Auth with { Store = settings.Auth.Store with { Kind = UserStoreKind.Embedded } },
        };
        await using (var node = await TestNode.StartAsync(settings))
        {
            await ExpectLoginAsync(node, status: 1);
            await AskAsync<UserStoreActor.UserSaved>(node, new UserStoreActor.PutUser(TestUsers.Record("carol")));
            await ExpectLoginAsync(node, status: 0);
        }

        await using var again = await TestNode.StartAsync(settings);
        await ExpectLoginAsync(again, status: 0);
        await AskAsync<UserStoreActor.UserSaved>(again, new UserStoreActor.RemoveUser(UserName.FromText("carol")));
        await ExpectLoginAsync(again, status: 1);

        static async Task ExpectLoginAsync(TestNode node, byte status)
        {
            using var client = await node.ConnectAsync();
            await client.SendAsync([.. Wire.GreetingWithPassword, .. Wire.Login("carol", "s3cret")]);
            await client.ExpectAsync(5, 2, 1, status);
        }

        static Task<T> AskAsync<T>(TestNode node, object message) =>
            node.System.ActorSelection("/user/users").Ask<T>(message).InTime();
    }

    private static ProxySettings With(Engine engine, string user, byte[] password)
    {
        var settings = SharedNodes.Accepting(engine, AcceptedMethod.Password);
        var users = new UserSettings(user, PasswordHash.Create(password), null, null);
        return settings with { Auth = settings.Auth with { Users = [users] } };
    }

    private async Task<SocksClient> ConnectAsync(Engine engine)
    {
        var client = await (await nodes.NodeAsync(engine, AcceptedMethod.Password)).ConnectAsync();
        await client.SendAsync(Wire.GreetingWithPassword);
        await client.ExpectAsync(5, 2);
        return client;
    }
}
