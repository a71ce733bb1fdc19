using System.Text;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings.Reading;
using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Interception;

/// <summary>Whose traffic is looked into: exactly that of the scope.</summary>
public sealed class InterceptScopeTests
{
    [Theory]
    [InlineData("example.test", "example.test", true)]
    [InlineData("example.test", "www.example.test", false)]
    [InlineData("*.example.test", "www.example.test", true)]
    [InlineData("*.example.test", "a.b.Example.test", true)]
    [InlineData("*.example.test", "example.test", false)]
    [InlineData("*.example.test", "badexample.test", false)]
    [InlineData("*", "example.test", true)]
    [InlineData("*", "192.0.2.1", true)]
    [InlineData("192.0.2.0/24", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.0/24", "example.test", false)]
    public void A_destination_is_in_scope_by_its_own_name_or_address(string pattern, string host, bool isIn) =>
        Assert.Equal((isIn, isIn), (Scope([pattern]).Includes(To(host), null), Scope([pattern]).MayInclude(To(host), null) && isIn));

    [Fact]
    public void An_address_may_be_in_scope_by_the_name_that_TLS_asks_for()
    {
        var scope = Scope(["*.example.test"], exclude: ["bank.example.test"]);

        Assert.True(scope.MayInclude(To("192.0.2.1"), null));
        Assert.False(scope.Includes(To("192.0.2.1"), null));
        Assert.True(scope.Includes(To("192.0.2.1"), "www.example.test"));
        Assert.False(scope.Includes(To("192.0.2.1"), "bank.example.test"));
        Assert.False(Scope(["10.0.0.0/8"]).MayInclude(To("192.0.2.1"), null));
    }

    [Fact]
    public void A_name_that_is_asked_for_otherwise_does_not_get_a_destination_into_scope_but_out_of_it()
    {
        var scope = Scope(["*.example.test"], exclude: ["*.bank.test"]);

        Assert.False(scope.Includes(To("www.other.test"), "www.example.test"));
        Assert.False(scope.Includes(To("www.example.test"), "my.bank.test"));
    }

    [Fact]
    public void Exclusion_comes_before_inclusion()
    {
        var scope = Scope(["*"], exclude: ["*.bank.test", "10.0.0.0/8"]);

        Assert.False(scope.MayInclude(To("my.bank.test"), null));
        Assert.False(scope.MayInclude(To("10.1.2.3"), null));
        Assert.True(scope.MayInclude(To("www.example.test"), null));
    }

    [Fact]
    public void Users_and_ports_count_as_well()
    {
        var scope = Scope(["*"], users: ["alice"], ports: [new PortRange(443, 443), new PortRange(8000, 8999)]);

        Assert.True(scope.MayInclude(To("a.test", 8500), UserName.FromText("alice")));
        Assert.False(scope.MayInclude(To("a.test", 9000), UserName.FromText("alice")));
        Assert.False(scope.MayInclude(To("a.test", 443), UserName.FromText("bob")));
        Assert.False(scope.MayInclude(To("a.test", 443), null));
    }

    private static Destination To(string host, ushort port = 443)
    {
        Assert.True(Destination.TryOfName(Encoding.ASCII.GetBytes(host), port, out var destination));
        return destination;
    }

    private static InterceptScope Scope(string[] include, string[]? exclude = null, string[]? users = null, PortRange[]? ports = null) =>
        new(new MitmScopeSettings
        {
            Include = [.. include.Select(Pattern)],
            Exclude = [.. (exclude ?? []).Select(Pattern)],
            Users = [.. users ?? ["*"]],
            Ports = [.. ports ?? [new PortRange(1, 65_535)]],
        });

    private static HostPattern Pattern(string text)
    {
        Assert.Null(HostPatternText.Read(text, out var pattern));
        return pattern;
    }
}
