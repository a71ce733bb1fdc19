using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
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
            {"items":[{"id":"0000000000001","node":"n2","listener":"main","protocol":"socks5","stage":"relaying","user":"al ice",
            "client":"192.0.2.7:4711","destination":"example.com:443","address":"198.51.100.1:443","clientToDestination":17,
            "destinationToClient":4300000000,"ageSeconds":61.5}],"next":null,"total":1,"silent":[]}
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
    [InlineData("?sort=id", "1 2 3 4")]
    [InlineData("?sort=-id", "4 3 2 1")]
    [InlineData("?sort=age", "4 3 2 1")]
    [InlineData("?sort=-age&limit=3", "1 2 3 next=1003.0000000000003")]
    [InlineData("?sort=-age&limit=3&after=1003.0000000000003", "4")]
    [InlineData("?sort=-bytes", "4 3 2 1")]
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
    [InlineData("?sort=size", "sort")]
    [InlineData("?sort=--id", "sort")]
    [InlineData("?sort=", "sort")]
    [InlineData("?q=", "q")]
    [InlineData("?destination=", "destination")]
    [InlineData("?sort=age&after=0000000000001", "after")]
    [InlineData("?sort=age&after=x.0000000000001", "after")]
    [InlineData("?after=7.0000000000001", "after")]
    public async Task A_query_that_means_nothing_is_refused_by_name(string query, string field)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.GetAsync($"/v1/sessions{query}");

        Assert.Equal((400, "bad-parameter"), (answer.Status, answer.Problem));
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Every_filter_reaches_the_nodes()
    {
        await using var node = await AdminNode.StartAsync();

        await node.GetAsync("/v1/sessions?destination=example.com&listener=main&protocol=socks5&q=a%20b&limit=7");

        Assert.Equal(
            new AuthRegistry.GetSessions(
                SessionFilter.Any with { Destination = "example.com", Listener = "main", Protocol = "socks5", Text = "a b" }, default, null, 7),
            node.Cluster.LastQuestion);
    }

    [Fact]
    public async Task Nodes_whose_sessions_are_missing_are_named()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Silent = ["n2"];

        Assert.EndsWith("\"silent\":[\"n2\"]}", (await node.GetAsync("/v1/sessions")).Body);
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

    internal static SessionView Session(ulong id, string node, string user, string client) => new()
    {
        Id = new SessionId(id),
        Node = node,
        Listener = "main",
        Protocol = "socks5",
        Stage = SessionStage.Relaying,
        User = UserName.FromText(user),
        Client = IPEndPoint.Parse(client),
        Destination = "example.com:443",
        Address = IPEndPoint.Parse("198.51.100.1:443"),
        Up = 17,
        Down = 4_300_000_000,
        StartedAt = 1000 + (long)id,
        Age = TimeSpan.FromSeconds(61.5),
    };
}
