using System.Net;
using System.Text;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Mitm.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Exchanges;

public sealed class InspectorTests
{
    private const string Stamp = "{ type = \"AkkaSocks.Mitm.Tests.Exchanges.Stamping, AkkaSocks.Mitm.Tests\", on-error = open }";

    [Fact]
    public async Task Inspectors_change_requests_and_responses_and_may_answer()
    {
        await using var origin = await EchoAsync();
        await using var server = await PrivateServer.StartAsync(
            HttpVersion.Version11, origin.Port, Policies.Of($"inspectors = [{Stamp}]"), user: "alice");
        using var stamped = await server.GetAsync("/");
        Assert.Equal("ALICE STAMP", await stamped.Content.ReadAsStringAsync());
        Assert.Equal("418", stamped.Headers.GetValues("X-Was").Single());
        using var answered = await server.GetAsync("/own");
        Assert.Equal("mine", await answered.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("open", "request", 200)]
    [InlineData("closed", "request", 500)]
    [InlineData("open", "response", 200)]
    [InlineData("closed", "response", 500)]
    public async Task One_that_throws_fails_open_or_closed(string onError, string when, int status)
    {
        await using var origin = await EchoAsync();
        var policy = Policies.Of(
            $"inspectors = [{{ type = \"AkkaSocks.Mitm.Tests.Exchanges.Throwing, AkkaSocks.Mitm.Tests\", on-error = {onError} }}]");
        await using var server = await PrivateServer.StartAsync(HttpVersion.Version11, origin.Port, policy);
        using var answer = await server.GetAsync($"/{when}");
        Assert.Equal(status, (int)answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync();
        if (status == 200)
            Assert.StartsWith(" ", body);
        else
            Assert.DoesNotContain("teapot", body);
    }

    [Fact]
    public void One_that_cannot_be_had_refuses_the_start() => Assert.StartsWith(
        "mitm.inspectors: cannot use No.Such, Assembly: ",
        Assert.Throws<ExtensionUnavailableException>(() => Policies.Of("inspectors = [{ type = \"No.Such, Assembly\", on-error = open }]"))
            .Message);

    private static Task<TestOrigin> EchoAsync() => TestOrigin.StartAsync(HttpVersion.Version11, context =>
        context.Response.WriteAsync($"{context.Request.Headers["X-User"]} stamp"));
}

/// <summary>As somebody else would write one.</summary>
public sealed class Stamping : IHttpInspector
{
    public async ValueTask<bool> OnRequestAsync(HttpContext context, InspectedSession session)
    {
        context.Request.Headers["X-User"] = session.User;
        if (context.Request.Path != "/own")
            return false;
        await context.Response.WriteAsync("mine");
        return true;
    }

    public async ValueTask<Stream> OnResponseAsync(HttpContext context, Stream body, InspectedSession session)
    {
        context.Response.Headers["X-Was"] = "418";
        context.Response.ContentLength = null;
        var text = await new StreamReader(body).ReadToEndAsync();
        return new MemoryStream(Encoding.UTF8.GetBytes(text.ToUpperInvariant()));
    }
}

/// <summary>One with a defect.</summary>
public sealed class Throwing : IHttpInspector
{
    public ValueTask<bool> OnRequestAsync(HttpContext context, InspectedSession session) =>
        context.Request.Path == "/request" ? throw new InvalidOperationException("teapot") : ValueTask.FromResult(false);

    public ValueTask<Stream> OnResponseAsync(HttpContext context, Stream body, InspectedSession session) =>
        context.Request.Path == "/response" ? throw new InvalidOperationException("teapot") : ValueTask.FromResult(body);
}
