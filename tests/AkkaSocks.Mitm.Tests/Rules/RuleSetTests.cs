using AkkaSocks.Mitm.Rules;
using AkkaSocks.Mitm.Tests.Harness;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Rules;

public sealed class RuleSetTests
{
    private static readonly RuleSet Set = Policies.Of("""
        rules = [
          { name = ads, match { host = "*.ads.test" }, action { block { status = 403 } } }
          { name = flags, match { host = [api.test, "10.0.0.1"], path = "/v1/*", method = [GET, HEAD] }
            action { mock { status = 200, content-type = "application/json", body = "{}" } } }
          { name = all-of-api, match { host = api.test }, action { block { status = 410 }, request.set { X-Api = yes } } }
          { name = slow, match { user = "qa-*" }, action { delay = 200ms, throttle { up = 64KiB/s } } }
          { name = slower, match { user = "qa-slow" }, action { delay = 1s, throttle { up = 1KiB/s, down = 2KiB/s } } }
          { name = html, match { path-prefix = "/site/", response-type = "text/*" }, action { response.set { X-Html = yes } } }
          { name = no-video, match { response-type = "video/*" }, action { block { status = 451 } } }
        ]
        """).Rules;

    [Theory]
    [InlineData("x.ads.test", "/", "GET", null, "ads")]
    [InlineData("X.ADS.TEST", "/", "GET", null, "ads")]
    [InlineData("ads.test", "/", "GET", null, null)]
    [InlineData("api.test", "/v1/flags", "GET", null, "flags")]
    [InlineData("10.0.0.1", "/v1/flags", "HEAD", null, "flags")]
    [InlineData("api.test", "/v1/flags", "POST", null, "all-of-api")]
    [InlineData("api.test", "/v2", "GET", "alice", "all-of-api")]
    [InlineData("other.test", "/", "GET", "qa-1", null)]
    public void First_rule_that_answers_wins(string host, string path, string method, string? user, string? expected) =>
        Assert.Equal(expected, Set.Decide(new RequestFacts(host, path, method, user)).Answer?.Name);

    [Theory]
    [InlineData("api.test", "/v1/flags", null, "all-of-api no-video")]
    [InlineData("a.test", "/", "qa-1", "slow no-video")]
    [InlineData("a.test", "/site/x", "qa-slow", "slow slower html no-video")]
    [InlineData("a.test", "/Site/x", "QA-1", "no-video")]
    public void All_rules_that_change_something_are_carried_out(string host, string path, string? user, string expected) =>
        Assert.Equal(
            expected, string.Join(' ', Set.Decide(new RequestFacts(host, path, "GET", user)).Matched.Select(rule => rule.Name)));

    [Fact]
    public void Delays_add_up_and_the_slowest_pace_holds()
    {
        var decision = Set.Decide(new RequestFacts("a.test", "/", "GET", "qa-slow"));
        Assert.Equal(TimeSpan.FromSeconds(1.2), decision.Delay);
        Assert.Equal(1024, decision.Up?.Edit.Up);
        Assert.Equal(2048, decision.DownOf("text/plain")?.Edit.Down);
    }

    [Theory]
    [InlineData("text/html", null, true)]
    [InlineData("TEXT/HTML", null, true)]
    [InlineData("video/mp4", "no-video", false)]
    [InlineData("", null, false)]
    public void What_waits_for_a_response_goes_by_its_type(string type, string? blocking, bool isEdited)
    {
        var decision = Set.Decide(new RequestFacts("a.test", "/site/", "GET", null));
        Assert.Equal(blocking, decision.BlockOf(type)?.Name);
        Assert.Equal(isEdited, decision.OnResponse(type).Any(rule => !rule.Edit.Response.Set.IsEmpty));
    }

    [Fact]
    public void A_set_without_rules_does_nothing() =>
        Assert.Same(RuleDecision.Nothing, RuleSet.Empty.Decide(new RequestFacts("a.test", "/", "GET", null)));
}
