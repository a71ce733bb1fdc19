using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class AdminGuardTests
{
    [Theory]
    [InlineData("", 401, "token-missing")]
    [InlineData("Bearer", 401, "token-missing")]
    [InlineData("Basic " + AdminNode.Token, 401, "token-missing")]
    [InlineData(AdminNode.Token, 401, "token-missing")]
    [InlineData("Bearer 0123456789abcdefghijklmnopqrstuvwxyzABCDEFH", 401, "token-wrong")]
    [InlineData("Bearer 0123456789abcdefghijklmnopqrstuvwxyzABCDEF", 401, "token-wrong")]
    [InlineData("Bearer " + AdminNode.Token + AdminNode.Token, 401, "token-wrong")]
    public async Task Without_the_token_there_is_only_a_challenge_below_v1(string authorization, int status, string problem)
    {
        await using var node = await AdminNode.StartAsync();

        foreach (var path in new[] { "/v1/users", "/v1/nodes", "/v1/no-such-thing", "/V1/users" })
        {
            var answer = await node.GetAsync(path, ("Authorization", authorization));

            Assert.Equal((status, problem), (answer.Status, answer.Problem));
            Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
            Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"]);
        }
    }

    [Theory]
    [InlineData("Bearer " + AdminNode.Token)]
    [InlineData("bearer " + AdminNode.Token)]
    [InlineData("Bearer  " + AdminNode.Token)]
    public async Task With_the_token_the_door_is_open(string authorization)
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(200, (await node.GetAsync("/v1/users", ("Authorization", authorization))).Status);
    }

    [Theory]
    [InlineData("GET", "/v1/users", 200)]
    [InlineData("GET", "/v1/nodes", 200)]
    [InlineData("HEAD", "/v1/no-such-thing", 404)]
    [InlineData("PUT", "/v1/users/alice", 403)]
    [InlineData("DELETE", "/v1/users/fixed", 403)]
    [InlineData("DELETE", "/v1/sessions/0000000000001", 403)]
    [InlineData("POST", "/v1/drain", 403)]
    [InlineData("POST", "/v1/no-such-thing", 403)]
    public async Task A_token_for_reading_reads_and_changes_nothing(string method, string path, int status)
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n1", "alice", "192.0.2.1:1"));

        var answer = await node.SendAsync(method, path, method == "GET" ? null : "{}", ("Authorization", $"Bearer {AdminNode.ReadToken}"));

        Assert.Equal(status, answer.Status);
        if (status == 403)
            Assert.Equal("read-only-token", answer.Problem);
        Assert.Single(node.Cluster.Sessions);
        Assert.DoesNotContain(node.Cluster.Nodes, it => it is { IsSelf: true, IsDraining: true });
    }

    [Fact]
    public async Task With_a_token_for_reading_alone_nobody_can_write()
    {
        await using var node = await AdminNode.StartAsync(token: null);

        Assert.Equal(200, (await node.GetAsync("/v1/users", ("Authorization", $"Bearer {AdminNode.ReadToken}"))).Status);
        Assert.Equal("token-wrong", (await node.SendAsync("POST", "/v1/drain", "{}")).Problem);
    }

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/dashboard/app.js", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/healthz", 200)]
    [InlineData("/v1/users", 401)]
    [InlineData("/no-such-thing", 404)]
    public async Task Every_answer_keeps_others_out_of_the_page_and_out_of_the_cache(string path, int status)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.GetAsync(path, ("Authorization", ""));

        Assert.Equal((status, "no-store"), (answer.Status, answer.Headers["Cache-Control"]));
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        var policy = answer.Headers["Content-Security-Policy"];
        Assert.StartsWith("default-src 'none';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
    }

    [Fact]
    public async Task A_page_from_elsewhere_cannot_have_a_browser_change_anything()
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.SendAsync("POST", "/v1/drain", "{}", ("Origin", "http://evil.example"));

        Assert.Equal((403, "foreign-origin"), (answer.Status, answer.Problem));
        Assert.DoesNotContain(node.Cluster.Nodes, it => it is { IsSelf: true, IsDraining: true });
    }

    [Fact]
    public async Task Health_needs_no_token_and_nothing_is_to_be_cached()
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.GetAsync("/healthz", ("Authorization", ""));

        Assert.Equal((200, "no-store"), (answer.Status, answer.Headers["Cache-Control"]));
        Assert.Equal(200, (await node.GetAsync("/readyz", ("Authorization", ""))).Status);
    }

    [Fact]
    public async Task A_node_without_a_token_answers_health_alone_and_says_why()
    {
        await using var node = await AdminNode.StartAsync(token: null, readToken: null);

        var answer = await node.GetAsync("/v1/users");

        Assert.Equal((403, "no-token-configured"), (answer.Status, answer.Problem));
        Assert.Contains("AKKASOCKS_ADMIN_TOKEN", answer.Body);
        Assert.Equal(200, (await node.GetAsync("/healthz")).Status);
    }

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("192.0.2.1", 421)]
    [InlineData("0.0.0.0", 421)]
    [InlineData("[2001:db8::1]:9180", 421)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:80", 200)]
    [InlineData("127.0.0.1:1", 200)]
    [InlineData("127.9.9.9", 200)]
    [InlineData("[::1]:9180", 200)]
    public async Task A_name_that_somebody_made_resolve_here_is_misdirected(string host, int status)
    {
        await using var node = await AdminNode.StartAsync();

        foreach (var path in new[] { "/healthz", "/v1/users" })
            Assert.Equal(status, (await node.GetAsync(path, ("Host", host))).Status);
    }

    [Fact]
    public async Task A_request_without_a_host_is_misdirected()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(421, await node.StatusOfAsync("GET /healthz HTTP/1.0"));
    }

    [Theory]
    [InlineData("http://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("https://localhost:9180", 403)]
    [InlineData("http://localhost:9181", 403)]
    [InlineData("http://localhost:9180", 200)]
    public async Task A_page_from_elsewhere_is_refused_even_with_the_token(string origin, int status)
    {
        await using var node = await AdminNode.StartAsync();

        foreach (var path in new[] { "/healthz", "/v1/users" })
            Assert.Equal(status, (await node.GetAsync(path, ("Host", "localhost:9180"), ("Origin", origin))).Status);
    }

    [Fact]
    public async Task After_a_hundred_wrong_tokens_guessing_is_told_to_wait_and_the_operator_is_not()
    {
        await using var node = await AdminNode.StartAsync();
        for (var i = 0; i < 100; i++)
            Assert.Equal(401, (await node.GetAsync("/v1/users", ("Authorization", $"Bearer {i}"))).Status);

        var answer = await node.GetAsync("/v1/users", ("Authorization", "Bearer 100"));

        Assert.Equal((429, "too-many-wrong-tokens", "60"), (answer.Status, answer.Problem, answer.Headers["Retry-After"]));
        Assert.Equal(200, (await node.GetAsync("/v1/users")).Status);
    }
}
