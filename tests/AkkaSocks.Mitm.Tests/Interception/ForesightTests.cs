using System.Net;
using System.Text;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Interception;

/// <summary>What would become of a tunnel is told before there is one.</summary>
public sealed class ForesightTests
{
    private const string Mitm = """
        enabled = on
        scope { include = ["*.example.test"], exclude = ["bank.example.test"], users = [alice], ports = [443] }
        rules = [
          { name = ads, match { host = "ads.*" }, action { block { status = 403 } } }
          { name = all, match { path-prefix = "/v1" }, action { delay = 1ms } }
          { name = bobs, match { user = bob }, action { delay = 1ms } }
        ]
        """;

    private static readonly UserName Alice = UserName.FromText("alice");
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.9");

    private readonly PassThroughMemory _memory;
    private readonly Foresight _foresight;

    public ForesightTests()
    {
        var settings = Policies.NodeWith(Mitm).Mitm;
        _memory = new PassThroughMemory(settings.Pinning, TimeProvider.System);
        _foresight = new Foresight(new InterceptScope(settings.Scope), _memory, RuleSet.Of(settings.Exchanges.Rules));
    }

    [Theory]
    [InlineData("www.example.test", 443, "bob", "untouched: that user is not in scope", "users")]
    [InlineData("www.example.test", 443, null, "untouched: that user is not in scope", "users")]
    [InlineData("www.example.test", 80, "alice", "untouched: that port is not in scope", "ports")]
    [InlineData("bank.example.test", 443, "alice", "untouched: that destination is excluded", "exclude")]
    [InlineData("www.other.test", 443, "alice", "untouched: that destination is not in scope", "include")]
    [InlineData("192.0.2.1", 443, "alice", "looked into where TLS asks for a name that is in scope, and untouched else", "include")]
    [InlineData("www.example.test", 443, "alice", "looked into where it is HTTP or TLS; rules that may apply: all", "include")]
    [InlineData("ads.example.test", 443, "alice", "looked into where it is HTTP or TLS; rules that may apply: ads, all", "include")]
    public void The_part_of_the_scope_that_decides_is_named_and_the_rules_of_the_host(string host, ushort port, string? user, string words, string key)
    {
        var forecast = Foresee(host, port, user is null ? null : UserName.FromText(user));

        Assert.Equal((words, $"akkasocks.mitm.scope.{key}"), (forecast.Words, string.Join('.', forecast.Key)));
    }

    [Fact]
    public void Who_has_refused_our_certificate_is_passed_through_and_nobody_else()
    {
        _memory.Learn(Learner.Of(Alice, Client), "www.example.test", InterceptOutcome.ClientRefused);

        var forecast = Foresee("www.example.test", 443, Alice);

        Assert.Matches(@"^TLS is passed through until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: the client has refused our certificate$", forecast.Words);
        Assert.Equal("akkasocks.mitm.pinning.learn", string.Join('.', forecast.Key));
        Assert.StartsWith("looked into", Foresee("ads.example.test", 443, Alice).Words);
    }

    [Fact]
    public void An_origin_that_wants_the_clients_certificate_is_passed_through_for_all()
    {
        _memory.Learn(Learner.Everybody, "www.example.test", InterceptOutcome.ClientCertificate);

        Assert.EndsWith(": the origin wants a certificate of the client's", Foresee("www.example.test", 443, Alice).Words);
    }

    [Fact]
    public void Of_many_rules_the_first_are_named_and_the_rest_counted()
    {
        var settings = Policies.NodeWith(
            $$"""enabled = on, scope.include = ["*"], rules = [{{string.Join(", ", Enumerable.Range(0, 10).Select(i => $"{{ name = r{i}, match {{ }}, action {{ delay = 1ms }} }}"))}}]""").Mitm;
        var foresight = new Foresight(new InterceptScope(settings.Scope), _memory, RuleSet.Of(settings.Exchanges.Rules));

        Assert.EndsWith(" r6, r7 and 2 more", foresight.Of(To("www.example.test", 443), null, Client).Words);
    }

    private InterceptForecast Foresee(string host, ushort port, UserName? user) => _foresight.Of(To(host, port), user, Client);

    private static Destination To(string host, ushort port)
    {
        Assert.True(Destination.TryOfName(Encoding.ASCII.GetBytes(host), port, out var destination));
        return destination;
    }
}
