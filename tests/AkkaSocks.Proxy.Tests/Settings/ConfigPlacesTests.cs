using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings;

public sealed class ConfigPlacesTests
{
    [Fact]
    public void A_key_is_found_where_it_was_set_last_and_by_default_where_it_stands_in_the_reference()
    {
        using var folder = new ConfigFolder()
            .With("a.conf", ConfigFolder.Loopback + "akkasocks.egress.allow = [\n  \"10.0.0.0/8\"\n  \"192.168.0.0/16\"\n]\nakkasocks.limits.max-sessions = 7\n")
            .With("b.conf", "akkasocks.limits.max-sessions = 8\n");
        folder.Environment["AKKASOCKS__UDP__ENABLED"] = "off";
        var places = folder.Load("a.conf", "b.conf").Places;

        Assert.Equal(new ConfigPlace("akkasocks.limits.max-sessions", "\"8\"", folder.Path("b.conf"), 1), places.Find(["akkasocks", "limits", "max-sessions"]));
        Assert.Equal(
            new ConfigPlace("akkasocks.egress.allow[1]", "\"192.168.0.0/16\"", folder.Path("a.conf"), 4), places.Find(["akkasocks", "egress", "allow", "1"]));
        Assert.Equal(("environment AKKASOCKS__UDP__ENABLED", null), Place(places.Find(["akkasocks", "udp", "enabled"])));
        Assert.Equal("reference.conf", places.Find(["akkasocks", "egress", "special-purpose"])!.Source);
        Assert.NotNull(places.Find(["akkasocks", "egress", "special-purpose"])!.Line);
        Assert.Null(places.Find(["akkasocks", "egress", "allow", "2"]));
        Assert.Null(places.Find(["akkasocks", "nothing"]));
    }

    [Fact]
    public void What_a_listener_or_a_user_does_not_set_is_found_among_the_defaults()
    {
        using var folder = new ConfigFolder().With("a.conf", ConfigFolder.Loopback + "akkasocks.auth.users.\"a.b\" { password = \"$argon2id$\" }\n");
        var places = folder.Load("a.conf").Places;

        Assert.Equal("akkasocks.auth.user-defaults.commands", places.Find(["akkasocks", "auth", "users", "a.b", "commands"])!.Key);
        Assert.Equal("akkasocks.listener-defaults.protocols", places.Find(["akkasocks", "listeners", "main", "protocols"])!.Key);
        Assert.Equal("akkasocks.auth.users.\"a.b\"", places.Find(["akkasocks", "auth", "users", "a.b"])!.Key);
    }

    private static (string?, int?) Place(ConfigPlace? place) => (place?.Source, place?.Line);
}
