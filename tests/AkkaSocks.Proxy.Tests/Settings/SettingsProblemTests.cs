using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Clustering;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings;

/// <summary>What an operator reads for each way to get a configuration wrong, word for word.</summary>
public sealed class SettingsProblemTests : IDisposable
{
    private const string Users = "akkasocks.auth.users { alice { password = \"$argon2id$x\" } }\n";

    private const string WeakToken = "bad.conf:2: akkasocks.admin.token: "
        + "expected from 43 to 1024 letters, digits and signs without blanks, as `openssl rand -base64 32` prints them";

    private readonly ConfigFolder _folder = new();

    /// <summary>Lines after a first line that holds a listener, so they begin with line 2; and every message they cause.</summary>
    public static TheoryData<string, string[]> BrokenValues => new()
    {
        // Keys
        { "akkasocks.relay.idel-timeout = 1s", ["bad.conf:2: akkasocks.relay.idel-timeout: unknown key; did you mean idle-timeout?"] },
        { "akkasocks.log { sessions { colour = on } }", ["bad.conf:2: akkasocks.log.sessions.colour: unknown key; known here: format, file, queue"] },
        { "akksocks { relay { } }", ["bad.conf:2: akksocks: unknown key; did you mean akkasocks?"] },
        { "akkasocks.cluster { host = \"10.0.0.1\", port = 4053 }", ["bad.conf:2: akkasocks.cluster.host = \"10.0.0.1\": "
            + "beyond loopback nodes talk over mutual TLS only, for whoever reaches the port could join; "
            + "set cluster.tls { certificate, key, ca }"] },
        { "akkasocks.cluster.tls.key = \"bad.conf\"", [
            "bad.conf:2: akkasocks.cluster.tls.key = \"bad.conf\": expected the path of a PEM file; there is no such file",
            "bad.conf: akkasocks.cluster.tls.certificate = \"\": certificate, key and ca go together; expected the path of a PEM file",
            "bad.conf: akkasocks.cluster.tls.ca = \"\": certificate, key and ca go together; expected the path of a PEM file"] },
        { "akkasocks.cluster { port = 4053, seeds = [\"127.0.0.1:4053\"] }", ["bad.conf:2: akkasocks.cluster.seeds = [\"127.0.0.1:4053\"]: a lone seed that restarts would "
            + "found a second cluster beside the first; list two nodes at least, the same on every node, or none for a cluster of one"] },
        { "akkasocks.cluster { seeds = [\"a:1\", \"[::1]:2\"] }", ["bad.conf: akkasocks.cluster.port = \"0\": the other nodes must know it: "
            + "with seeds, expected a port from 1 to 65535"] },
        { "akkasocks.cluster { port = 1, seeds = [\"a\", \"::1:7\"] }", [
            "bad.conf:2: akkasocks.cluster.seeds = \"a\": expected a host and a port such as 10.0.0.1:4053",
            "bad.conf:2: akkasocks.cluster.seeds = \"::1:7\": expected a host and a port such as 10.0.0.1:4053 or [fd00::1]:4053"] },
        { "akkasocks.auth.user-defaults.max-sessions = none", ["bad.conf:2: akkasocks.auth.user-defaults.max-sessions = \"none\": "
            + "expected unlimited or a whole number from 1 to 1000000"] },
        { "akkasocks.\"a b\\u001b\" = 1", ["bad.conf:2: akkasocks.\"a b\\u001b\": unknown key; known here: "
            + "listener-defaults, listeners, node, auth, egress, relay, udp, bind, resolve, mitm, limits, transport, log, cluster, config, admin, metrics"] },

        // Interception
        { "akkasocks.mitm.enabled = on", ["bad.conf: akkasocks.mitm.scope.include = []: "
            + "whose traffic is to be looked into must be said, as in [\"*.example.test\"]"] },
        { "akkasocks.mitm.scope.include = [\"*.*.test\"]", ["bad.conf:2: akkasocks.mitm.scope.include = \"*.*.test\": "
            + "expected a name, names below one as *.example.test, an address, a network such as 10.0.0.0/8, or *"] },
        { "akkasocks.mitm.scope.ports = [443, \"9-8\"]", ["bad.conf:2: akkasocks.mitm.scope.ports = \"9-8\": "
            + "expected a port such as 443, or ports from one to another such as 8000-8999"] },
        { "akkasocks.mitm.leaf.validity = 198d", ["bad.conf:2: akkasocks.mitm.leaf.validity = \"198d\": expected a duration from 1d to 197d"] },
        { "akkasocks.mitm.ca.key = \"ca.key\"", ["bad.conf: akkasocks.mitm.ca.certificate = \"\": certificate and key go together"] },
        { "akkasocks.mitm.upstream.extra-roots = [\"gone.pem\"]", ["bad.conf:2: akkasocks.mitm.upstream.extra-roots = \"gone.pem\": "
            + "expected the path of a PEM file with certificates; there is no such file"] },

        // Durations
        { "akkasocks {\n relay {\n  idle-timeout = fast } }",
            ["bad.conf:4: akkasocks.relay.idle-timeout = \"fast\": expected a duration such as 30s, 15m or 0 (never)"] },
        { "akkasocks.limits.handshake-timeout = 10", ["bad.conf:2: akkasocks.limits.handshake-timeout = \"10\": "
            + "expected a duration such as 250ms, 10s or 15m"] },
        { "akkasocks.limits.connect-timeout = 10sec", ["bad.conf:2: akkasocks.limits.connect-timeout = \"10sec\": "
            + "expected a duration such as 250ms, 10s or 15m"] },
        { "akkasocks.limits.connect-timeout = 0", ["bad.conf:2: akkasocks.limits.connect-timeout = \"0\": expected a duration from 10ms to 30d"] },
        { "akkasocks.relay.idle-timeout = 31d", ["bad.conf:2: akkasocks.relay.idle-timeout = \"31d\": "
            + "expected a duration from 10ms to 30d, or 0 (never)"] },
        { "akkasocks.relay.idle-timeout = 99999999999999999999d", ["bad.conf:2: akkasocks.relay.idle-timeout = \"99999999999999999999d\": "
            + "expected a duration such as 30s, 15m or 0 (never)"] },

        // Numbers, flags, sets
        { "akkasocks.limits.max-sessions = many", ["bad.conf:2: akkasocks.limits.max-sessions = \"many\": "
            + "expected auto or a whole number from 1 to 1000000"] },
        { "akkasocks.transport.backlog = -1", ["bad.conf:2: akkasocks.transport.backlog = \"-1\": expected a whole number from 1 to 65535"] },
        { "akkasocks.egress.dns.cache = maybe", ["bad.conf:2: akkasocks.egress.dns.cache = \"maybe\": expected on or off"] },
        { "akkasocks.relay.engine = turbo", ["bad.conf:2: akkasocks.relay.engine = \"turbo\": expected auto, tunnel, flow or bare"] },
        { "akkasocks.egress.special-purpose = off", ["bad.conf:2: akkasocks.egress.special-purpose = \"off\": expected deny or allow"] },
        { "akkasocks.node.name = \"a b\"", ["bad.conf:2: akkasocks.node.name = \"a b\": expected a name of letters, digits, '.', '-' and '_'"] },

        // Shapes
        { "akkasocks.relay = fast", ["bad.conf:2: akkasocks.relay: expected a section in { }"] },
        { "akkasocks.log.level { a = 1 }", ["bad.conf:2: akkasocks.log.level: expected debug, info, warning or error"] },
        { "akkasocks.egress.dns.hosts-file = [a]", ["bad.conf:2: akkasocks.egress.dns.hosts-file = [\"a\"]: expected text"] },
        { "akkasocks.egress.allow = \"10.0.0.0/8\"", ["bad.conf:2: akkasocks.egress.allow = \"10.0.0.0/8\": "
            + "expected a list such as [\"10.0.0.0/8\"]"] },
        { "akka = 5", ["bad.conf:2: akka: expected a section in { }"] },

        // Addresses and networks
        { "akkasocks.listeners.main.endpoint = \"localhost:1080\"", ["bad.conf:2: akkasocks.listeners.main.endpoint = \"localhost:1080\": "
            + "expected an IP address and a port such as 127.0.0.1:1080 or [::1]:1080"] },
        { "akkasocks.listeners.main.endpoint = \"127.0.0.1\"", ["bad.conf:2: akkasocks.listeners.main.endpoint = \"127.0.0.1\": "
            + "expected an IP address and a port such as 127.0.0.1:1080 or [::1]:1080"] },
        { "akkasocks.egress.allow = [\"10.0.0.0/8\",\n \"fd00::/129\"]", ["bad.conf:3: akkasocks.egress.allow = \"fd00::/129\": "
            + "expected a network such as 10.0.0.0/8 or fd00::/8"] },
        { "akkasocks.egress.allow = [\"10.1.2.3/8\"]", ["bad.conf:2: akkasocks.egress.allow = \"10.1.2.3/8\": "
            + "expected a network without bits beyond its prefix: 10.0.0.0/8, or 10.1.2.3/32"] },
        { "akkasocks.egress.dns.servers = [dns.example]", ["bad.conf:2: akkasocks.egress.dns.servers = \"dns.example\": "
            + "expected an IP address, with or without a port, such as 9.9.9.9 or [2620:fe::fe]:53"] },

        // Listeners
        { "akkasocks.listeners.b { protocols = [socks5] }", ["bad.conf:2: akkasocks.listeners.b.endpoint: is missing; "
            + "expected an IP address and a port such as 127.0.0.1:1080 or [::1]:1080"] },
        { "akkasocks.listeners.b.endpoint = \"127.0.0.1:1080\"", ["bad.conf:2: akkasocks.listeners.b.endpoint = \"127.0.0.1:1080\": "
            + "the listener main has 127.0.0.1:1080 already"] },
        { "akkasocks.auth.allow-open-proxy = on\nakkasocks.listeners.b.endpoint = \"0.0.0.0:1080\"", ["bad.conf:3: "
            + "akkasocks.listeners.b.endpoint = \"0.0.0.0:1080\": the listener main has 127.0.0.1:1080 already"] },
        { "akkasocks.auth.allow-open-proxy = on\nakkasocks.listeners.b.endpoint = \"[::]:1080\"", ["bad.conf:3: "
            + "akkasocks.listeners.b.endpoint = \"[::]:1080\": the listener main has 127.0.0.1:1080 already"] },
        { "akkasocks.listeners.b.endpoint = \"[::]:1081\"", ["bad.conf:2: akkasocks.listeners.b.endpoint = \"[::]:1081\": "
            + "an open proxy: this is beyond loopback and auth.methods contains none; "
            + "set auth.methods = [password] and auth.users, or auth.allow-open-proxy = on if everybody may use it"] },
        { "akkasocks.listener-defaults.protocols = [socks9]", ["bad.conf:2: akkasocks.listener-defaults.protocols = \"socks9\": expected socks5, socks4 or http"] },
        { "akkasocks.listeners.main.protocols = []", ["bad.conf:2: akkasocks.listeners.main.protocols = []: expected at least one, as in [socks5, socks4]"] },
        { "akkasocks.listeners.main.protocols = [socks5, socks5]", ["bad.conf:2: akkasocks.listeners.main.protocols = [\"socks5\", \"socks5\"]: "
            + "expected none twice"] },
        { "akkasocks.listeners.main.proxy-protocol.mode = required", ["bad.conf: akkasocks.listeners.main.proxy-protocol.trusted = []: "
            + "whoever may name the client's address gets round limits and bans: expected the networks of your load balancers, such as [\"10.0.0.0/8\"]"] },
        { "akkasocks.listener-defaults.proxy-protocol.mode = on", ["bad.conf:2: akkasocks.listener-defaults.proxy-protocol.mode = \"on\": "
            + "expected off, optional or required"] },
        { "akkasocks.egress.proxy-protocol.mail { to = [], version = v3 }", [
            "bad.conf:2: akkasocks.egress.proxy-protocol.mail.to = []: expected at least one, as in [\"10.1.0.0/16:25\"]",
            "bad.conf:2: akkasocks.egress.proxy-protocol.mail.version = \"v3\": expected v1 or v2"] },
        { "akkasocks.egress.proxy-protocol.mail { to = [\"10.1.0.0/16\", \"10.2.0.0/16:0\"], version = v1 }", [
            "bad.conf:2: akkasocks.egress.proxy-protocol.mail.to = \"10.2.0.0/16:0\": expected a network with or without a port such as 10.1.0.0/16:25"] },
        { "akkasocks.udp { enabled = maybe, advertised-address = nat.example, ports = \"0-40000\", amplifiers = some }", [
            "bad.conf:2: akkasocks.udp.enabled = \"maybe\": expected on or off",
            "bad.conf:2: akkasocks.udp.advertised-address = \"nat.example\": expected an IP address such as 198.51.100.7, or \"\"",
            "bad.conf:2: akkasocks.udp.ports = \"0-40000\": expected any, or ports from one to another such as 40000-40999",
            "bad.conf:2: akkasocks.udp.amplifiers = \"some\": expected deny or allow"] },
        { "akkasocks.udp { idle-timeout = 1ms, destination-idle-timeout = 0, max-destinations = 0, max-lookups = unlimited }", [
            "bad.conf:2: akkasocks.udp.idle-timeout = \"1ms\": expected a duration from 100ms to 30d, or 0 (never)",
            "bad.conf:2: akkasocks.udp.destination-idle-timeout = \"0\": expected a duration from 100ms to 1d",
            "bad.conf:2: akkasocks.udp.max-destinations = \"0\": expected a whole number from 1 to 1000000",
            "bad.conf:2: akkasocks.udp.max-lookups = \"unlimited\": expected a whole number from 1 to 1000"] },
        { "akkasocks.udp { max-associations-per-user = 0, packets-per-second = -1, bytes-per-second = 1k, packets-per-second-to-destination = 0 }", [
            "bad.conf:2: akkasocks.udp.max-associations-per-user = \"0\": expected unlimited or a whole number from 1 to 1000000",
            "bad.conf:2: akkasocks.udp.packets-per-second = \"-1\": expected unlimited or a whole number from 1 to 2147483647",
            "bad.conf:2: akkasocks.udp.bytes-per-second = \"1k\": expected unlimited or a whole number from 1 to 2147483647",
            "bad.conf:2: akkasocks.udp.packets-per-second-to-destination = \"0\": expected unlimited or a whole number from 1 to 2147483647"] },
        { "akkasocks.udp { strict-port = 5, full-cone = no-way, udp-timeout = 1s }", [
            "bad.conf:2: akkasocks.udp.strict-port = \"5\": expected on or off",
            "bad.conf:2: akkasocks.udp.full-cone = \"no-way\": expected on or off",
            "bad.conf:2: akkasocks.udp.udp-timeout: unknown key; did you mean idle-timeout?"] },
        { "akkasocks.bind.ports = \"40999-40000\"", ["bad.conf:2: akkasocks.bind.ports = \"40999-40000\": "
            + "expected any, or ports from one to another such as 40000-40999"] },
        { "akkasocks.bind.advertised-address = nat.example", ["bad.conf:2: akkasocks.bind.advertised-address = \"nat.example\": "
            + "expected an IP address such as 198.51.100.7, or \"\""] },
        { "akkasocks.listeners.main.tls.mode = on", ["bad.conf:2: akkasocks.listeners.main.tls.mode = \"on\": expected off, optional or required"] },
        { "akkasocks.listener-defaults.tls.min-version = \"1.1\"", ["bad.conf:2: akkasocks.listener-defaults.tls.min-version = \"1.1\": "
            + "expected 1.2 or 1.3"] },
        { "akkasocks.listeners.main.tls { mode = required, client-auth = request }", [
            "bad.conf: akkasocks.listeners.main.tls.certificate = \"\": it is needed; expected the path of a PEM file",
            "bad.conf: akkasocks.listeners.main.tls.client-ca = \"\": whoever asks for certificates must know who signs them; "
            + "expected the path of a PEM file"] },
        { "akkasocks.listeners.main.tls { mode = optional, certificate = \"bad.conf\" }", ["bad.conf:2: "
            + "akkasocks.listeners.main.tls.certificate = \"bad.conf\": expected the path of a PEM file; there is no such file"] },
        { "akkasocks.listeners = null", ["bad.conf:2: akkasocks.listeners: expected a section in { }"] },

        // Admin
        { "akkasocks.admin.endpoint = \"0.0.0.0:9180\"", ["bad.conf:2: akkasocks.admin.endpoint = \"0.0.0.0:9180\": "
            + "expected a loopback address such as 127.0.0.1: beyond it others can read the token"] },
        { "akkasocks.admin.endpoint = off", ["bad.conf:2: akkasocks.admin.endpoint = \"off\": "
            + "expected an IP address and a port such as 127.0.0.1:1080 or [::1]:1080, or \"\" for none"] },
        { "akkasocks.admin.endpoint = \"127.0.0.1:1080\"", ["bad.conf:2: akkasocks.admin.endpoint = \"127.0.0.1:1080\": "
            + "the listener main has 127.0.0.1:1080 already"] },
        { "akkasocks.admin.token = \"only-42-characters-.......................\"", [WeakToken] },
        { "akkasocks.admin.token = \"with a blank it is no bearer token\"", [WeakToken] },

        // Users
        { "akkasocks.auth { methods = [password], store.kind = none }", ["bad.conf:2: akkasocks.auth.methods = [\"password\"]: nobody could log in; "
            + "add a user, as in auth.users { alice { password = \"…\" } } with the hash that `akkasocks hash-password` prints"] },
        { "akkasocks.auth.users.alice.password = hunter2", ["bad.conf:2: akkasocks.auth.users.alice.password: "
            + "expected the hash that `akkasocks hash-password` prints, never the password itself"] },
        { "akkasocks.auth.users.alice.password = \"$1$abc\"", ["bad.conf:2: akkasocks.auth.users.alice.password: "
            + "expected the hash that `akkasocks hash-password` prints: unknown algorithm"] },
        { "akkasocks.auth.users.alice { }", ["bad.conf:2: akkasocks.auth.users.alice.password: is missing; "
            + "expected the hash that `akkasocks hash-password` prints, never the password itself"] },
        { Users + "akkasocks.auth.users.\"\".password = \"$argon2id$x\"", ["bad.conf:3: akkasocks.auth.users.\"\": "
            + "a user's name has from 1 to 255 bytes"] },
        { Users + "akkasocks.auth.methods = [pasword]", ["bad.conf:3: akkasocks.auth.methods = \"pasword\": expected none or password"] },

        // Where users are kept
        { "akkasocks.auth.store.kind = sqlite", ["bad.conf:2: akkasocks.auth.store.kind = \"sqlite\": expected embedded, postgres or none"] },
        { "akkasocks.auth.store.kind = postgres", ["bad.conf: akkasocks.auth.store.postgres: "
            + "connection is needed, such as \"Host=db.example;Database=akkasocks;Username=akkasocks;Password=…\""] },
        { "akkasocks.auth.store.postgres.connection = [\"Password=hunter2\"]", ["bad.conf:2: akkasocks.auth.store.postgres.connection: "
            + "expected text"] },
        { "akkasocks.node.data-directory = \"\"", ["bad.conf:2: akkasocks.node.data-directory = \"\": expected auto or a path"] },

        // Rules of interception
        { "akkasocks.mitm.rules = [\n{ name = a, action { blok { status = 403 } } }]", ["bad.conf:3: akkasocks.mitm.rules.0.action: "
            + "does nothing; known here: block, mock, map-local, map-remote, request, response, throttle, delay, redact",
            "bad.conf:3: akkasocks.mitm.rules.0.action.blok: unknown key; did you mean block?"] },
        { "akkasocks.mitm.rules = [{ name = a, action { delay = 1s } },\n{ name = b, action { response.body-replace { regex = \"a(\", with = b } } }]",
            ["bad.conf:3: akkasocks.mitm.rules.1.action.response.body-replace.regex = \"a(\": "
                + "expected a regex: Invalid pattern 'a(' at offset 2. Not enough )'s."] },
        { "akkasocks.mitm.rules = [{ name = a, action { request.body-replace { regex = \"(a)\\\\1\", with = b } } }]",
            ["bad.conf:2: akkasocks.mitm.rules.0.action.request.body-replace.regex = \"(a)\\\\1\": "
                + "expected a regex without lookaround, backreferences and atomic groups: RegexOptions.NonBacktracking is not supported in "
                + "conjunction with expressions containing: 'backreference (\\ number)'."] },
        { "akkasocks.mitm.rules = [{ name = a, action { block { status = 200 } } }, { name = a, action { delay = 1 } }]",
            ["bad.conf:2: akkasocks.mitm.rules.0.action.block.status = \"200\": expected a whole number from 400 to 599",
             "bad.conf:2: akkasocks.mitm.rules.1.name = \"a\": another rule has this name",
             "bad.conf:2: akkasocks.mitm.rules.1.action.delay = \"1\": expected a duration such as 250ms, 10s or 15m"] },
        { "akkasocks.mitm.rules = [{ name = a, action { map-local = \"/nowhere\", map-remote = \"https://a.example/b\" } }]",
            ["bad.conf:2: akkasocks.mitm.rules.0.action.map-remote = \"https://a.example/b\": there is map-local already, and only one can answer",
             "bad.conf:2: akkasocks.mitm.rules.0.action.map-local = \"/nowhere\": expected an existing directory"] },
        { "akkasocks.mitm.rules = [{ name = a, action { request.set { Content-Length = 5 }, throttle { down = 64kB/s } } }]",
            ["bad.conf:2: akkasocks.mitm.rules.0.action.request.set.Content-Length = \"5\": expected a field other than Content-Length, which HTTP sets by itself",
             "bad.conf:2: akkasocks.mitm.rules.0.action.throttle.down = \"64kB/s\": expected a rate from 1B/s to 2147483647B/s, such as 64KiB/s"] },
        { "akkasocks.mitm.rules = [{ name = a, match { response-type = \"text/*\" }, action { map-remote = \"http://b.example\" } }]",
            ["bad.conf:2: akkasocks.mitm.rules.0.action: answers before there is a response, so match.response-type cannot be known"] },

        // References
        { "akkasocks.node.name = ${NO_SUCH}", ["bad.conf:2: akkasocks.node.name: the environment variable NO_SUCH is not set; "
            + "set it, or write ${NO_SUCH:-text} for a default or ${?NO_SUCH} to leave the key out"] },
        { "akkasocks.node.name = ${akkasocks.nod.name}", ["bad.conf:2: akkasocks.node.name: ${akkasocks.nod.name} is no key of this "
            + "configuration (the environment is asked for a NAME in capitals)"] },
        { "akkasocks.node.name = ${akkasocks.node.name}", ["bad.conf:2: akkasocks.node.name: ${akkasocks.node.name} refers to itself"] },
        { "akkasocks.node.name = a ${akkasocks.relay}", ["bad.conf:2: akkasocks.node.name: text, lists and objects cannot be joined "
            + "with each other"] },

        // Several at once
        { "akkasocks.log.level = loud\nakkasocks.transport { kind = tcp, back-log = 5 }",
            ["bad.conf:3: akkasocks.transport.kind = \"tcp\": expected auto, epoll or sockets",
             "bad.conf:3: akkasocks.transport.back-log: unknown key; did you mean backlog?",
             "bad.conf:2: akkasocks.log.level = \"loud\": expected debug, info, warning or error"] },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(BrokenValues))]
    public void A_broken_value_is_told_with_its_place_and_what_was_expected(string lines, string[] messages)
    {
        _folder.With("bad.conf", ConfigFolder.Loopback + lines);

        Assert.Equal(messages, _folder.Problems("bad.conf"));
    }

    [Fact]
    public void A_configuration_without_listeners_names_the_file_that_should_have_one()
    {
        _folder.With("a.conf", "").With("b.conf", "akkasocks { }");

        Assert.Equal(
            ["b.conf: akkasocks.listeners: none is left; add one, as in listeners { main { endpoint = \"127.0.0.1:1080\" } }"],
            _folder.Problems("a.conf", "b.conf"));
    }

    [Fact]
    public void Problems_of_several_files_are_told_together()
    {
        _folder.With("a.conf", "akkasocks {").With("b.conf", ConfigFolder.Loopback + "akkasocks.log.level = ]");

        Assert.Equal(
            ["a.conf:1: akkasocks: the { opened on this line is never closed",
             "b.conf:2: akkasocks.log.level: a value is missing; it must begin on the line of its key"],
            _folder.Problems("a.conf", "b.conf"));
    }

    [Fact]
    public void The_place_of_a_value_is_the_one_that_won()
    {
        _folder.With("a.conf", ConfigFolder.Loopback + "akkasocks.log.level = loud\nakkasocks.log.level = louder")
            .With("b.conf", "\n\nakkasocks.log { level = loudest }");

        Assert.StartsWith("a.conf:3: ", Assert.Single(_folder.Problems("a.conf")));
        Assert.StartsWith("b.conf:3: ", Assert.Single(_folder.Problems("a.conf", "b.conf")));
    }

    [Theory]
    [InlineData("alice.password = hunter2")]
    [InlineData("alice.pasword = hunter2, alice.password = \"$argon2id$x\"")]
    [InlineData("alice = hunter2")]
    public void A_password_is_never_repeated(string user)
    {
        _folder.With("a.conf", ConfigFolder.Loopback + $"akkasocks.auth.users {{ {user} }}");
        _folder.TryLoad(["a.conf"], out _, out var problems);

        Assert.DoesNotContain("hunter2", Assert.Single(problems).ToString());
        Assert.Null(problems[0].Value);
    }

    [Fact]
    public void Files_of_TLS_that_hold_something_else_are_told_by_key()
    {
        using var authority = new TestAuthority();
        var tls = TestTls.For(authority);
        var other = authority.Issue("other", "CN=other").Key;
        _folder.With("a.conf", ConfigFolder.Loopback + $"akkasocks.listeners.main.tls {{ mode = required, certificate = \"{tls.Key}\" }}")
            .With("b.conf", ConfigFolder.Loopback
                + $"akkasocks.listeners.main.tls {{ mode = required, certificate = \"{tls.Certificate}\",\n key = \"{other}\" }}")
            .With("c.conf", ConfigFolder.Loopback
                + $"akkasocks.listeners.main.tls {{ mode = required, certificate = \"{tls.Certificate}\", key = \"{tls.Key}\",\n"
                + $"client-auth = require, client-ca = \"{tls.Key}\" }}");

        Assert.Equal([$"a.conf:2: akkasocks.listeners.main.tls.certificate = \"{tls.Key}\": expected a PEM file with a certificate"], _folder.Problems("a.conf"));
        Assert.StartsWith(
            $"b.conf:3: akkasocks.listeners.main.tls.key = \"{other}\": expected a PEM file with the private key of the certificate",
            Assert.Single(_folder.Problems("b.conf")));
        Assert.Equal([$"c.conf:3: akkasocks.listeners.main.tls.client-ca = \"{tls.Key}\": expected a PEM file with a certificate"], _folder.Problems("c.conf"));
    }

    [Fact]
    public void A_listener_that_takes_client_certificates_only_is_no_open_proxy()
    {
        using var authority = new TestAuthority();
        var tls = TestTls.For(authority);
        var files = $"certificate = \"{tls.Certificate}\", key = \"{tls.Key}\", client-ca = \"{tls.ClientCa}\"";
        _folder.With("a.conf", $"akkasocks.listeners.main {{ endpoint = \"0.0.0.0:1080\", tls {{ mode = required, client-auth = require, {files} }} }}")
            .With("b.conf", $"akkasocks.listeners.main {{ endpoint = \"0.0.0.0:1080\", tls {{ mode = optional, client-auth = require, {files} }} }}");

        Assert.NotNull(_folder.Load("a.conf").Proxy.Listeners[0].Tls);
        Assert.Contains("an open proxy", Assert.Single(_folder.Problems("b.conf")));
    }

    [Fact]
    public void Without_a_key_or_a_line_neither_is_shown()
    {
        Assert.Equal("a.conf: there is no such file", new SettingsProblem("a.conf", null, "", "there is no such file").ToString());
    }
}
