using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings;

public sealed class SettingsChangeTests : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("akkasocks.limits.max-sessions = 7", "akkasocks.limits.max-sessions", "")]
    [InlineData("akkasocks.egress.allow = [\"10.1.0.0/16\"]", "akkasocks.egress.allow", "")]
    [InlineData("akkasocks.auth.users.bob.password = \"$argon2id$x\"", "akkasocks.auth.users.bob.password", "")]
    [InlineData("akkasocks.listeners.other.endpoint = \"127.0.0.1:1081\"", "akkasocks.listeners.other.endpoint", "")]
    [InlineData("akkasocks.admin.token = 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", "akkasocks.admin.token", "")]
    [InlineData("akkasocks.log.level = error", "akkasocks.log.level", "")]
    [InlineData("akkasocks.relay { engine = flow, idle-timeout = 1m }", "akkasocks.relay.idle-timeout", "akkasocks.relay.engine")]
    [InlineData("akkasocks.admin.endpoint = \"\"", "", "akkasocks.admin.endpoint")]
    [InlineData("akkasocks.node.name = other", "", "akkasocks.node.name")]
    [InlineData("akkasocks.cluster.drain-timeout = 5s", "", "akkasocks.cluster.drain-timeout")]
    [InlineData("akkasocks.transport.backlog = 5", "", "akkasocks.transport.backlog")]
    [InlineData("akkasocks.metrics.per-user = 5", "", "akkasocks.metrics.per-user")]
    [InlineData("akkasocks.log.sessions.format = json", "", "akkasocks.log.sessions.format")]
    [InlineData("akkasocks.auth.bans { duration = 1m, window = 1m }", "akkasocks.auth.bans.duration", "akkasocks.auth.bans.window")]
    [InlineData("akkasocks.auth.store.kind = none", "", "akkasocks.auth.store.kind")]
    [InlineData("akkasocks.mitm { pinning.learn = off, capture.level = off }", "akkasocks.mitm.capture.level akkasocks.mitm.pinning.learn", "")]
    [InlineData("akkasocks.mitm { ca.dir = \"/tmp/ca\", leaf.validity = 2d, key-log = k }", "", "akkasocks.mitm.ca.dir akkasocks.mitm.key-log akkasocks.mitm.leaf.validity")]
    [InlineData("akkasocks.mitm { enabled = on, scope.include = [\"*.test\"] }", "akkasocks.mitm.scope.include", "akkasocks.mitm.enabled")]
    [InlineData("akka.loglevel = ERROR", "", "akka.loglevel")]
    [InlineData("", "", "")]
    public void What_differs_is_applied_or_named_as_waiting_for_a_restart(string hocon, string applied, string waiting)
    {
        var change = Change("", hocon);

        Assert.Equal((applied, waiting), (string.Join(' ', change.Applied), string.Join(' ', change.Waiting)));
    }

    [Fact]
    public void What_waits_for_a_restart_is_not_gone_by_and_is_named_again_by_the_next_reload()
    {
        var first = Change("", "akkasocks { relay { engine = flow, idle-timeout = 1m }, node.name = other }");
        var second = SettingsChange.Of(first.Effective, Load("akkasocks { relay { engine = flow, idle-timeout = 2m }, node.name = other }"));

        Assert.Equal(
            (RelayEngine.Auto, TimeSpan.FromMinutes(2), "akkasocks"),
            (second.Effective.Proxy.Relay.Engine, second.Effective.Proxy.Relay.IdleTimeout, second.Effective.Proxy.NodeName));
        Assert.Equal(["akkasocks.relay.idle-timeout"], second.Applied.ToArray());
        Assert.Equal(["akkasocks.node.name", "akkasocks.relay.engine"], second.Waiting.ToArray());
    }

    [Fact]
    public void Interception_is_turned_off_by_a_reload_and_on_again_by_a_restart()
    {
        const string On = "akkasocks.mitm { enabled = on, scope.include = [\"*.test\"] }";
        var off = SettingsChange.Of(Load(On), Load("akkasocks.mitm { enabled = off, scope.include = [\"*.test\"] }"));
        Assert.Equal(("akkasocks.mitm.enabled", ""), (string.Join(' ', off.Applied), string.Join(' ', off.Waiting)));
        Assert.False(off.Effective.Proxy.Mitm.Enabled);

        var on = SettingsChange.Of(off.Effective, Load(On));
        Assert.Equal(("", "akkasocks.mitm.enabled"), (string.Join(' ', on.Applied), string.Join(' ', on.Waiting)));
        Assert.False(on.Effective.Proxy.Mitm.Enabled);
    }

    /// <summary>A section that is kept as it is and named as applied would be a lie, and the other way round.</summary>
    [Fact]
    public void Whatever_is_applied_is_gone_by()
    {
        var before = Load("");
        var wanted = Load("""
            akkasocks {
              node { name = b, data-directory = "/b" }, listeners.x.endpoint = "127.0.0.1:9", listener-defaults.protocols = [http]
              auth { methods = [password], users.u.password = "$argon2id$x", user-defaults.max-sessions = 3, on-isolation = deny
                     store { kind = none, queue = 5 }, verification { parallelism = 1, queue = 7 }
                     credential-cache { ttl = 5s, max-entries = 5 }
                     bans { window = 5s, failures-per-user-at-address = 5, failures-per-address = 6, failures-per-user = 7, duration = 8s
                            known-address-ttl = 9s, exempt = ["10.0.0.0/8"], max-entries = 10 } }
              egress { special-purpose = allow, hide-bound-address = on, dns.timeout = 1s }
              relay { engine = flow, idle-timeout = 1m }, udp.enabled = off, bind.enabled = on, resolve.enabled = on
              limits { max-sessions = 3, handshake-timeout = 1s }, transport { backlog = 3, event-loops = 1 }
              cluster { drain-timeout = 1s }, config.watch = on, metrics { prometheus = off, per-user = 3 }
              mitm { enabled = on, scope.include = ["*.test"], ca.dir = "/c", leaf { validity = 2d, cache-size = 7 }, rules = [{ name = slow, match { }, action { delay = 1ms } }] }
              log { level = error, sessions { format = json, queue = 7 }, audit.file = "/tmp/audit" }
              admin { endpoint = "", read-token = 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG }
            }
            """);
        var change = SettingsChange.Of(before, wanted);

        var again = SettingsChange.Of(change.Effective, wanted);
        Assert.Empty(again.Applied);
        Assert.Equal(change.Waiting.ToArray(), again.Waiting.ToArray());
        AssertMixed(before.Proxy, wanted.Proxy, change.Effective.Proxy, change);
    }

    [Fact]
    public void Nodes_that_differ_in_what_is_their_own_have_the_same_hash()
    {
        var one = Load("akkasocks { node.name = a, cluster.port = 4053, admin.token = 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG }");
        var other = Load("akkasocks { node.name = b, cluster.port = 4054, listeners.main.endpoint = \"127.0.0.1:1090\" }");

        Assert.Equal(one.Picture.Hash, other.Picture.Hash);
        Assert.Equal(12, one.Picture.Hash.Length);
        Assert.NotEqual(one.Picture.Hash, Load("akkasocks.limits.max-sessions = 7").Picture.Hash);
    }

    [Fact]
    public void The_files_that_were_read_are_known_those_that_are_included_too()
    {
        _folder.With("inner.conf", "akkasocks.log.level = error").With("outer.conf", ConfigFolder.Loopback + "include \"inner.conf\"\n");

        Assert.Equal(
            [_folder.Path("inner.conf"), _folder.Path("outer.conf")], _folder.Load("outer.conf").Files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_problem_is_told_with_the_line_of_its_key()
    {
        var picture = _folder.With("a.conf", ConfigFolder.Loopback + "\nakkasocks.limits.max-sessions = 7").Load("a.conf").Picture;

        var problem = picture.ProblemWith("akkasocks.limits.max-sessions", "no");

        Assert.Equal((_folder.Path("a.conf"), 3), (problem.Source, problem.Line));
        Assert.Equal(1, picture.ProblemWith("akkasocks.listeners.main", "no").Line);
    }

    private static void AssertMixed(ProxySettings before, ProxySettings wanted, ProxySettings effective, SettingsChange change)
    {
        Assert.Equal(before.NodeName, effective.NodeName);
        Assert.Equal(before.DataDirectory, effective.DataDirectory);
        Assert.Equal(before.Transport, effective.Transport);
        Assert.Equal(before.Cluster, effective.Cluster);
        Assert.Equal(before.Metrics, effective.Metrics);
        Assert.Equal(before.Config, effective.Config);
        Assert.Equal(
            (false, before.Mitm.Ca, before.Mitm.LeafValidity, before.Mitm.LeafCacheSize, before.Mitm.KeyLog),
            (effective.Mitm.Enabled, effective.Mitm.Ca, effective.Mitm.LeafValidity, effective.Mitm.LeafCacheSize, effective.Mitm.KeyLog));
        Assert.Equal((wanted.Mitm.Scope, wanted.Mitm.Exchanges), (effective.Mitm.Scope, effective.Mitm.Exchanges));
        Assert.Equal(wanted.Limits, effective.Limits);
        Assert.Equal(wanted.Egress, effective.Egress);
        Assert.Equal(wanted.Udp, effective.Udp);
        Assert.Equal(wanted.Bind, effective.Bind);
        Assert.Equal(wanted.Resolve, effective.Resolve);
        Assert.Equal(wanted.Listeners, effective.Listeners);
        Assert.Equal(wanted.Auth.Users, effective.Auth.Users);
        Assert.Equal(wanted.Auth.Methods, effective.Auth.Methods);
        Assert.Equal(before.Auth.Store, effective.Auth.Store);
        Assert.Equal(before.Auth.OnIsolation, effective.Auth.OnIsolation);
        Assert.Equal(before.Log with { Level = LogLevelSetting.Error }, effective.Log);
        Assert.Equal(before.Admin.Endpoint, effective.Admin.Endpoint);
        Assert.Same(wanted.Admin.ReadToken, effective.Admin.ReadToken);
        Assert.Equal(wanted.Auth.Bans.Duration, effective.Auth.Bans.Duration);
        Assert.Equal(before.Auth.Bans.Window, effective.Auth.Bans.Window);
        Assert.Contains("akkasocks.auth.verification.queue", change.Waiting);
        Assert.Equal(before.Auth.VerificationQueue, effective.Auth.VerificationQueue);
    }

    private SettingsChange Change(string before, string after) => SettingsChange.Of(Load(before), Load(after));

    private LoadedSettings Load(string hocon) => _folder.With("a.conf", ConfigFolder.Loopback + hocon).Load("a.conf");
}
