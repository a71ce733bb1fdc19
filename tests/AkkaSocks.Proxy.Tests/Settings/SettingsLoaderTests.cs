using System.Net;
using Akka.Configuration;
using AkkaSocks.Proxy.Settings;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings;

public sealed class SettingsLoaderTests : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_last_file_wins_over_earlier_ones_and_those_over_the_reference()
    {
        _folder.With("a.conf", ConfigFolder.Loopback + "akkasocks.relay { idle-timeout = 1m, half-close-timeout = 2s }")
            .With("b.conf", "akkasocks.relay.half-close-timeout = 3s");

        var relay = _folder.Load("a.conf", "b.conf").Proxy.Relay;

        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(3)), (relay.IdleTimeout, relay.HalfCloseTimeout));
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_files()
    {
        _folder.With("a.conf", ConfigFolder.Loopback + "akkasocks.log.level = error");
        _folder.Environment["AKKASOCKS__LOG__LEVEL"] = "warning";
        _folder.Environment["AKKASOCKS__LISTENERS__MAIN__ENDPOINT"] = "127.0.0.1:2";
        _folder.Options.Add(new("option -p", ["akkasocks", "listeners", "main", "endpoint"], "127.0.0.1:3"));

        var proxy = _folder.Load("a.conf").Proxy;

        Assert.Equal(LogLevelSetting.Warning, proxy.Log.Level);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 3), Assert.Single(proxy.Listeners).Endpoint);
    }

    [Fact]
    public void A_listener_inherits_what_it_does_not_set()
    {
        _folder.With("a.conf", "akkasocks.listeners { a { endpoint = \"127.0.0.1:1\" }, b { endpoint = \"[::1]:2\", protocols = [socks5] } }");

        Assert.Equal(
            [("a", "127.0.0.1:1"), ("b", "[::1]:2")],
            _folder.Load("a.conf").Proxy.Listeners.Select(listener => (listener.Name, listener.Endpoint.ToString())));
        Assert.All(_folder.Load("a.conf").Proxy.Listeners, listener => Assert.Equal(ListenerProtocol.Socks5, Assert.Single(listener.Protocols)));
    }

    [Theory]
    [InlineData(20_000, 9_744)]
    [InlineData(400, 100)]
    [InlineData(100, 25)]
    [InlineData(int.MaxValue, 1_000_000)]
    [InlineData(null, 1_000_000)]
    public void Auto_sessions_follow_the_descriptor_limit(int? openFiles, int sessions)
    {
        using var folder = new ConfigFolder { Machine = new Machine(Processors: 3, openFiles, "/state") }.With("a.conf", ConfigFolder.Loopback);

        var proxy = folder.Load("a.conf").Proxy;

        Assert.Equal(sessions, proxy.Limits.MaxSessions);
        Assert.Equal((3, 3), (proxy.Transport.EventLoops, proxy.Auth.VerificationParallelism));
    }

    [Fact]
    public void This_machine_tells_its_descriptor_limit()
    {
        var machine = Machine.Current();

        Assert.Equal(Environment.ProcessorCount, machine.Processors);
        Assert.Equal(OperatingSystem.IsLinux(), machine.OpenFiles is > 16);
    }

    [Fact]
    public void What_a_node_keeps_lies_in_the_state_directory_unless_the_environment_or_a_file_says_otherwise()
    {
        _folder.With("a.conf", ConfigFolder.Loopback).With("b.conf", "akkasocks.node.data-directory = /srv/b");

        Assert.Equal("/home/x/.local/state/akkasocks", _folder.Load("a.conf").Proxy.DataDirectory);
        _folder.Environment["AKKASOCKS_DATA"] = "/srv/a";
        Assert.Equal("/srv/a", _folder.Load("a.conf").Proxy.DataDirectory);
        Assert.Equal("/srv/b", _folder.Load("a.conf", "b.conf").Proxy.DataDirectory);
    }

    [Fact]
    public void Users_may_all_be_in_the_store()
    {
        _folder.With("a.conf", ConfigFolder.Loopback + "akkasocks.auth.methods = [password]");

        Assert.Equal(UserStoreKind.Embedded, _folder.Load("a.conf").Proxy.Auth.Store.Kind);
    }

    [Fact]
    public void The_akka_section_reaches_akka_with_its_quoted_names_and_references()
    {
        _folder.With("a.conf", ConfigFolder.Loopback + """
            akka {
              actor { serializers { "Some.Type, Assembly" = "say \"hi\"\\" }, throughput = 7 }
              list = [a, "b c", [d]]
              wait = ${akkasocks.relay.idle-timeout}
              nothing = null
            }
            """);

        var akka = ConfigurationFactory.ParseString(_folder.Load("a.conf").AkkaHocon);

        Assert.Equal("say \"hi\"\\", akka.GetConfig("akka.actor.serializers").Root.GetObject().GetKey("Some.Type, Assembly").GetString());
        Assert.Equal(7, akka.GetInt("akka.actor.throughput"));
        Assert.Equal(["a", "b c"], akka.GetValue("akka.list").GetArray().Take(2).Select(item => item.GetString()));
        Assert.Equal(TimeSpan.FromMinutes(15), akka.GetTimeSpan("akka.wait"));
        Assert.Null(akka.GetString("akka.nothing"));
        Assert.False(akka.GetBoolean("akka.coordinated-shutdown.run-by-clr-shutdown-hook", true));
    }

    [Fact]
    public void Local_conf_is_loopback_without_authentication_and_leaves_nothing_on_disk()
    {
        _folder.With("local.conf", HoconFolder.Text("local.conf"));

        var proxy = _folder.Load("local.conf").Proxy;

        Assert.Equal("127.0.0.1:1080", Assert.Single(proxy.Listeners).Endpoint.ToString());
        Assert.Equal(AcceptedMethod.None, Assert.Single(proxy.Auth.Methods));
        Assert.Contains(IPNetwork.Parse("127.0.0.0/8"), proxy.Egress.Allow);
        Assert.True(proxy.Egress.DenySpecialPurpose);
        Assert.Equal(UserStoreKind.None, proxy.Auth.Store.Kind);
    }

    [Fact]
    public void Single_node_conf_takes_its_user_from_the_environment()
    {
        _folder.With("single-node.conf", HoconFolder.Text("single-node.conf"));
        _folder.Environment["AKKASOCKS_USER"] = "alice";
        _folder.Environment["AKKASOCKS_PASSWORD_HASH"] = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

        var auth = _folder.Load("single-node.conf").Proxy.Auth;

        Assert.Equal(AcceptedMethod.Password, Assert.Single(auth.Methods));
        Assert.Equal(new UserSettings("alice", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", null, null), Assert.Single(auth.Users));
    }

    [Fact]
    public void Single_node_conf_without_its_variables_says_which()
    {
        _folder.With("single-node.conf", HoconFolder.Text("single-node.conf"));

        var problems = _folder.Problems("single-node.conf");

        Assert.Contains(problems, problem => problem.Contains("AKKASOCKS_USER is not set", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("AKKASOCKS_PASSWORD_HASH is not set", StringComparison.Ordinal));
    }

    [Fact]
    public void No_mutation_of_a_configuration_throws_and_what_is_refused_says_why()
    {
        string[] originals =
        [
            HoconFolder.Text("reference.conf"), HoconFolder.Text("local.conf"), HoconFolder.Text("single-node.conf"),
            "a { b = ${c}, c = [${a.b} {}] \"x\" } c = ${a}${NAME:-x}\ninclude \"x.conf\"\nakkasocks { listeners = ${a} { b {} } }",
        ];
        const string Bits = "{}[]${}\"[=,:=+#\\\n ./\0ab0é";
        var mutation = Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 40], Gen.Char[Bits].Array[0, 4]);
        var mutant = Gen.Select(Gen.Int[0, originals.Length - 1], mutation.Array[1, 4]);

        mutant.Sample(
            (original, mutations) =>
            {
                var text = mutations.Aggregate(originals[original], (current, change) =>
                {
                    var at = change.Item1 % (current.Length + 1);
                    return current[..at] + new string(change.Item3) + current[Math.Min(current.Length, at + change.Item2)..];
                });
                using var folder = new ConfigFolder().With("x.conf", text);
                var isLoaded = folder.TryLoad(["x.conf"], out var loaded, out var problems);
                return isLoaded == problems.IsEmpty && isLoaded == loaded is not null
                    && problems.All(problem => problem.Message.Length > 0 && !problem.ToString().Contains('\n'));
            },
            iter: 2_000);
    }

    [Fact]
    public void The_admin_token_is_the_environments_and_cannot_be_had_back()
    {
        const string Token = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
        _folder.With("a.conf", ConfigFolder.Loopback);
        Assert.Null(_folder.Load("a.conf").Proxy.Admin.Token);
        _folder.Environment["AKKASOCKS_ADMIN_TOKEN"] = Token;

        var proxy = _folder.Load("a.conf").Proxy;

        Assert.True(proxy.Admin.Token!.Matches(Token));
        Assert.DoesNotContain(Token, proxy.ToString());
    }

    [Fact]
    public void The_admin_token_is_read_from_a_file_when_it_is_not_given_itself()
    {
        const string InFile = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
        const string Given = "GFEDCBAzyxwvutsrqponmlkjihgfedcba9876543210";
        _folder.With("a.conf", ConfigFolder.Loopback).With("token", $"  {InFile}\n");
        _folder.Environment["AKKASOCKS_ADMIN_TOKEN_FILE"] = _folder.Path("token");
        Assert.True(_folder.Load("a.conf").Proxy.Admin.Token!.Matches(InFile));

        _folder.Environment["AKKASOCKS_ADMIN_TOKEN"] = Given;

        Assert.True(_folder.Load("a.conf").Proxy.Admin.Token!.Matches(Given));
    }

    [Theory]
    [InlineData("too-short", "from 43 to 1024 letters")]
    [InlineData("\n", "it is empty")]
    [InlineData(null, "Could not find file")]
    public void A_token_file_without_a_token_is_told_and_what_it_holds_is_not_repeated(string? content, string expected)
    {
        _folder.With("a.conf", ConfigFolder.Loopback + "akkasocks.admin.token-file = \"" + _folder.Path("token") + "\"");
        if (content is not null)
            _folder.With("token", content);

        Assert.False(_folder.TryLoad(["a.conf"], out _, out var problems));

        var problem = Assert.Single(problems).ToString();
        Assert.Contains("akkasocks.admin.token-file", problem);
        Assert.Contains(expected, problem);
        Assert.DoesNotContain("too-short", problem);
    }

    [Theory]
    [InlineData("\"127.0.0.2:9\"", "127.0.0.2:9")]
    [InlineData("\"[::1]:0\"", "[::1]:0")]
    [InlineData("\"\"", null)]
    public void The_admin_endpoint_is_on_loopback_or_nowhere(string written, string? endpoint)
    {
        _folder.With("a.conf", ConfigFolder.Loopback + $"akkasocks.admin.endpoint = {written}");

        Assert.Equal(endpoint, _folder.Load("a.conf").Proxy.Admin.Endpoint?.ToString());
    }
}
