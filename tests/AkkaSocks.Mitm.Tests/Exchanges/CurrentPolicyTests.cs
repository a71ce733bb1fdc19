using System.Net;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Mitm.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Exchanges;

/// <summary>An exchange goes by what holds when it begins, to its end; what a reload does not change stays.</summary>
public sealed class CurrentPolicyTests
{
    private const string Counting =
        "inspectors = [{ type = \"AkkaSocks.Mitm.Tests.Exchanges.Counting, AkkaSocks.Mitm.Tests\", on-error = open }]";

    [Fact]
    public async Task An_exchange_under_way_goes_by_the_rules_it_began_with_and_the_next_of_its_connection_by_the_new_ones()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var origin = await TestOrigin.StartAsync(HttpVersion.Version11, async context =>
        {
            asked.TrySetResult();
            await answer.Task.InTime();
            await context.Response.WriteAsync(context.Connection.Id);
        });
        var policy = new CurrentPolicy(Marked("one"));
        await using var server = await PrivateServer.StartAsync(
            HttpVersion.Version11,
            origin.Port,
            application: forwarder => new ExchangeApplication(forwarder, () => policy.Now, new ExchangeFigures()));
        var first = server.GetAsync("/");
        await asked.Task.InTime();

        policy.Prepare(Marked("two"))();
        answer.SetResult();

        using var before = await first;
        using var after = await server.GetAsync("/");
        Assert.Equal(("one", "two"), (MarkOf(before), MarkOf(after)));
        Assert.Equal(await before.Content.ReadAsStringAsync(), await after.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Inspectors_that_are_named_again_and_what_is_remembered_stay()
    {
        await using var origin = await TestOrigin.StartAsync(HttpVersion.Version11, _ => Task.CompletedTask);
        var policy = new CurrentPolicy(Policies.SettingsOf(Counting));
        await using var server = await PrivateServer.StartAsync(
            HttpVersion.Version11,
            origin.Port,
            application: forwarder => new ExchangeApplication(forwarder, () => policy.Now, new ExchangeFigures()));
        (await server.GetAsync("/")).Dispose();
        var ring = policy.Now.Capture!.Ring;
        await ring.CountAsync(1);

        policy.Prepare(Policies.SettingsOf(Counting + ", capture.ring = 7"))();
        using var second = await server.GetAsync("/");
        Assert.Equal("2", second.Headers.GetValues("X-Count").Single());
        await ring.CountAsync(2);

        policy.Prepare(Policies.SettingsOf(""))();
        using var third = await server.GetAsync("/");
        Assert.False(third.Headers.Contains("X-Count"));

        policy.Prepare(Policies.SettingsOf("capture.level = off"))();
        Assert.Null(policy.Now.Capture);
        Assert.Empty(ring.All());
    }

    [Fact]
    public void An_inspector_that_cannot_be_had_changes_nothing()
    {
        var policy = new CurrentPolicy(Policies.SettingsOf(Counting));
        var before = policy.Now;

        var refused = Assert.Throws<ExtensionUnavailableException>(
            () => policy.Prepare(Policies.SettingsOf("inspectors = [{ type = \"No.Such, Assembly\", on-error = open }]")));

        Assert.Equal("akkasocks.mitm.inspectors", refused.Key);
        Assert.Same(before, policy.Now);
    }

    private static AkkaSocks.Proxy.Settings.Exchanges.ExchangeSettings Marked(string mark) => Policies.SettingsOf(
        $"rules = [{{ name = mark, match {{ }}, action {{ response {{ set {{ X-Mark = {mark} }} }} }} }}]");

    private static string MarkOf(HttpResponseMessage answer) => answer.Headers.GetValues("X-Mark").Single();
}

/// <summary>One that remembers how often it was asked.</summary>
public sealed class Counting : IHttpInspector
{
    private int _count;

    public ValueTask<Stream> OnResponseAsync(HttpContext context, Stream body, InspectedSession session)
    {
        context.Response.Headers["X-Count"] = $"{Interlocked.Increment(ref _count)}";
        return new ValueTask<Stream>(body);
    }
}
