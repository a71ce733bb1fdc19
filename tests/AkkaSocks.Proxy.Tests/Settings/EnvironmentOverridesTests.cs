using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings;

public sealed class EnvironmentOverridesTests : IDisposable
{
    private readonly ConfigFolder _folder = new ConfigFolder().With("a.conf", ConfigFolder.Loopback);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("AKKASOCKS__RELAY__IDLE_TIMEOUT", "30s")]
    [InlineData("akkasocks__relay__idle_timeout", "30s")]
    [InlineData("Akkasocks__Relay__IDLE-TIMEOUT", "30s")]
    public void Two_underscores_are_a_dot_one_is_a_hyphen_and_capitals_do_not_matter(string name, string value)
    {
        _folder.Environment[name] = value;

        Assert.Equal(TimeSpan.FromSeconds(30), _folder.Load("a.conf").Proxy.Relay.IdleTimeout);
    }

    [Fact]
    public void A_list_is_written_in_brackets_and_anything_else_is_taken_as_it_is()
    {
        _folder.Environment["AKKASOCKS__EGRESS__ALLOW"] = "[\"fc00::/7\", 10.0.0.0/8]";
        _folder.Environment["AKKASOCKS__LOG__SESSIONS__FILE"] = "a = ${b}, #c";

        var proxy = _folder.Load("a.conf").Proxy;

        Assert.Equal(["fc00::/7", "10.0.0.0/8"], proxy.Egress.Allow.Select(network => network.ToString()));
        Assert.Equal("a = ${b}, #c", proxy.Log.SessionsFile);
    }

    [Fact]
    public void A_listener_can_be_added()
    {
        _folder.Environment["AKKASOCKS__LISTENERS__SECOND__ENDPOINT"] = "[::1]:2";

        Assert.Equal(["main", "second"], _folder.Load("a.conf").Proxy.Listeners.Select(listener => listener.Name));
    }

    [Fact]
    public void A_name_that_stands_in_the_configuration_keeps_its_spelling()
    {
        _folder.With("b.conf", "akkasocks.auth.users.Alice_B.password = \"$argon2id$old\"");
        _folder.Environment["AKKASOCKS__AUTH__USERS__ALICE_B__PASSWORD"] = "$argon2id$new";

        Assert.Equal(new UserSettings("Alice_B", "$argon2id$new", null, null), Assert.Single(_folder.Load("a.conf", "b.conf").Proxy.Auth.Users));
    }

    [Theory]
    [InlineData("AKKASOCKS__RELAY__IDLE_TIMEOUT", "fast",
        "akkasocks.relay.idle-timeout = \"fast\": expected a duration such as 30s, 15m or 0 (never)")]
    [InlineData("AKKASOCKS__RELAYS__IDLE_TIMEOUT", "1s", "akkasocks.relays: unknown key; did you mean relay?")]
    [InlineData("AKKASOCKS__", "x", "akkasocks.\"\": unknown key; known here: "
        + "listener-defaults, listeners, node, auth, egress, relay, udp, bind, resolve, mitm, limits, transport, log, cluster, config, admin, metrics")]
    [InlineData("AKKASOCKS__AUTH__METHODS", "[none", "akkasocks.auth.methods = \"[none\": expected a list such as [password]")]
    [InlineData("AKKASOCKS__AUTH__METHODS", "[none] x y ]", "akkasocks.auth.methods: ']' after the value")]
    [InlineData("AKKASOCKS__AUTH__METHODS", "[none, {]", "akkasocks.auth.methods: expected a key, found ']'")]
    [InlineData("AKKASOCKS__RELAY", "{ include \"relay.conf\" }", "include works in files only")]
    [InlineData("AKKASOCKS__AUTH__METHODS", "none", "akkasocks.auth.methods = \"none\": expected a list such as [password]")]
    public void A_mistake_names_the_variable(string name, string value, string message)
    {
        _folder.Environment[name] = value;

        Assert.Equal([$"environment {name}: {message}"], _folder.Problems("a.conf"));
    }

    [Fact]
    public void Other_variables_do_not_matter()
    {
        _folder.Environment["AKKASOCKS_RELAY"] = "x";
        _folder.Environment["XAKKASOCKS__RELAY"] = "x";

        Assert.Equal(TimeSpan.FromMinutes(15), _folder.Load("a.conf").Proxy.Relay.IdleTimeout);
    }
}
