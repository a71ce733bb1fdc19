using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class SessionEndpointsTests
{
    [Fact]
    public async Task A_session_is_shown_with_all_there_is_to_know()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(Session(1, "n2", "al ice", "192.0.2.7:4711"));

        Assert.Equal(
            """
            {"items":[{"id":"0000000000001","node":"n2","user":"al ice","client":"192.0.2.7:4711","destination":"example.com:443",
            "clientToDestination":17,"destinationToClient":4300000000,"ageSeconds":61.5}],"next":null}
            """.ReplaceLineEndings(""),
            (await node.GetAsync("/v1/sessions")).Body);
    }

    [Fact]
    public async Task What_is_not_known_yet_is_null()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(Session(1, "n1", "x", "127.0.0.1:1") with { User = null, Destination = null });

        Assert.Contains("\"user\":null,", (await node.GetAsync("/v1/sessions")).Body);
        Assert.Contains("\"destination\":null,", (await node.GetAsync("/v1/sessions")).Body);
    }

    [Theory]
    [InlineData("", "1 2 3 4")]
    [InlineData("?user=alice", "1 2")]
    [InlineData("?user=b%C3%B6b%20%2F", "3")]
    [InlineData("?client=192.0.2.1", "1 3")]
    [InlineData("?client=2001:db8::1", "4")]
    [InlineData("?node=n2", "2 4")]
    [InlineData("?node=n2&user=alice", "2")]
    [InlineData("?user=nobody", "")]
    [InlineData("?limit=2", "1 2 next=2")]
    [InlineData("?limit=2&after=0000000000002", "3 4")]
    [InlineData("?limit=1&node=n1", "1 next=1")]
    public async Task Filters_and_pages_choose(string query, string expected)
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(Session(1, "n1", "alice", "192.0.2.1:1"));
        node.Cluster.Add(Session(2, "n2", "alice", "192.0.2.2:2"));
        node.Cluster.Add(Session(3, "n1", "böb /", "192.0.2.1:3"));
        node.Cluster.Add(Session(4, "n2", "carol", "[2001:db8::1]:4"));

        var page = (await node.GetAsync($"/v1/sessions{query}")).Json;

        var found = page.GetProperty("items").EnumerateArray().Select(it => it.GetProperty("id").GetString()!.TrimStart('0'));
        var next = page.GetProperty("next").GetString() is { } after ? $" next={after.TrimStart('0')}" : "";
        Assert.Equal(expected, string.Join(' ', found) + next);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=1001", "limit")]
    [InlineData("?limit=-1", "limit")]
    [InlineData("?limit=", "limit")]
    [InlineData("?limit=1&limit=2", "limit")]
    [InlineData("?after=1", "after")]
    [InlineData("?client=192.0.2.1:80", "client")]
    [InlineData("?client=localhost", "client")]
    [InlineData("?user=a%0Ab", "user")]
    [InlineData("?node=a%20b", "node")]
    [InlineData("?usr=alice", "usr")]
    public async Task A_query_that_means_nothing_is_refused_by_name(string query, string field)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.GetAsync($"/v1/sessions{query}");

        Assert.Equal((400, "bad-parameter"), (answer.Status, answer.Problem));
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_session_is_ended_once()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(Session(1, "n2", "alice", "192.0.2.1:1"));

        var first = await node.SendAsync("DELETE", "/v1/sessions/0000000000001", null);
        var second = await node.SendAsync("DELETE", "/v1/sessions/0000000000001", null);

        Assert.Equal((204, ""), (first.Status, first.Body));
        Assert.Equal((404, "unknown-session"), (second.Status, second.Problem));
        Assert.Empty(node.Cluster.Sessions);
    }

    [Theory]
    [InlineData("?user=alice", "1 2")]
    [InlineData("?address=192.0.2.2", "2 3")]
    [InlineData("?address=2001:db8::1", "")]
    [InlineData("?user=nobody", "")]
    public async Task All_sessions_of_a_user_or_an_address_are_ended(string query, string expected)
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(Session(1, "n1", "alice", "192.0.2.1:1"));
        node.Cluster.Add(Session(2, "n2", "alice", "192.0.2.2:2"));
        node.Cluster.Add(Session(3, "n2", "bob", "192.0.2.2:3"));

        var answer = await node.SendAsync("DELETE", $"/v1/sessions{query}", null);

        var ended = new ulong[] { 1, 2, 3 }.Except(node.Cluster.Sessions.Keys).ToList();
        Assert.Equal((200, expected), (answer.Status, string.Join(' ', ended)));
        Assert.Equal(ended.Count, answer.Json.GetProperty("ended").GetInt32());
    }

    [Theory]
    [InlineData("", "user")]
    [InlineData("?user=alice&address=192.0.2.1", "user")]
    [InlineData("?user=alice&user=bob", "user")]
    [InlineData("?user=", "user")]
    [InlineData("?address=192.0.2.1:80", "address")]
    [InlineData("?node=n1", "node")]
    public async Task Sessions_are_not_ended_by_an_order_that_means_nothing(string query, string field)
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(Session(1, "n1", "alice", "192.0.2.1:1"));

        var answer = await node.SendAsync("DELETE", $"/v1/sessions{query}", null);

        Assert.Equal((400, "bad-parameter"), (answer.Status, answer.Problem));
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
        Assert.Single(node.Cluster.Sessions);
    }

    [Fact]
    public async Task What_is_no_id_is_refused()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal("bad-parameter", (await node.SendAsync("DELETE", "/v1/sessions/7", null)).Problem);
    }

    internal static AuthRegistry.SessionView Session(ulong id, string node, string user, string client) => new(
        new SessionId(id),
        node,
        UserName.FromText(user),
        IPEndPoint.Parse(client),
        "example.com:443",
        17,
        4_300_000_000,
        TimeSpan.FromSeconds(61.5));
}
