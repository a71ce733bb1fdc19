using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Limits;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class BanEndpointsTests
{
    [Fact]
    public async Task A_ban_is_added_shown_with_all_there_is_to_know_and_lifted_once()
    {
        await using var node = await AdminNode.StartAsync();

        var added = await node.SendAsync("POST", "/v1/bans", """{"address":"2001:db8:1:2:3::4","user":"al ice","duration":"2h","reason":"port scan"}""");
        Assert.Equal(201, added.Status);
        var id = added.Json.GetProperty("id").GetString()!;
        var shown = (await node.GetAsync("/v1/bans")).Body;
        Assert.Matches(
            $$"""^\{"items":\[\{"id":"{{id}}","address":"2001:db8:1:2::/64","user":"al ice","cause":"operator","reason":"port scan","expiresInSeconds":7[12]\d\d(\.\d+)?\}\],"next":null\}$""",
            shown);
        Assert.NotEqual(Proxy.Outcomes.Refusal.None, node.Cluster.Guard.Objection(Login("al ice", "2001:db8:1:2::9")));

        Assert.Equal((204, ""), (await node.SendAsync("DELETE", $"/v1/bans/{id}", null)) is var first ? (first.Status, first.Body) : default);
        Assert.Equal((404, "unknown-ban"), (await node.SendAsync("DELETE", $"/v1/bans/{id}", null)) is var second ? (second.Status, second.Problem) : default);
        Assert.Equal("""{"items":[],"next":null}""", (await node.GetAsync("/v1/bans")).Body);
        Assert.Contains(node.Log, line => line == $"Admin: ban {id} of user al\\x20ice at 2001:db8:1:2::/64");
    }

    [Fact]
    public async Task A_ban_for_failures_is_shown_as_one_whatever_the_name()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Guard.Failed(new LoginOrigin(new UserName([0xFF, (byte)'\n']), ClientNetwork.Of(IPAddress.Parse("192.0.2.1"))));

        var ban = Assert.Single((await node.GetAsync("/v1/bans")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("failures", "192.0.2.1", "\\xff\\x0a"), (
            ban.GetProperty("cause").GetString(), ban.GetProperty("address").GetString(), ban.GetProperty("user").GetString()));
        Assert.InRange(ban.GetProperty("expiresInSeconds").GetDouble(), 200, 300);
    }

    [Theory]
    [InlineData("", "1 2 3")]
    [InlineData("?user=alice", "1 3")]
    [InlineData("?address=192.0.2.1", "2 3")]
    [InlineData("?address=192.0.2.1&user=alice", "3")]
    [InlineData("?user=bob", "")]
    [InlineData("?limit=2", "1 2 next")]
    [InlineData("?limit=2&after=2", "3")]
    public async Task Filters_and_pages_choose(string query, string expected)
    {
        await using var node = await AdminNode.StartAsync();
        var ids = new List<string>();
        foreach (var body in new[] { """{"user":"alice"}""", """{"address":"192.0.2.1"}""", """{"user":"alice","address":"192.0.2.1"}""" })
            ids.Add((await node.SendAsync("POST", "/v1/bans", body)).Json.GetProperty("id").GetString()!);

        var page = (await node.GetAsync($"/v1/bans{query.Replace("after=2", $"after={ids[1]}")}")).Json;

        var found = page.GetProperty("items").EnumerateArray().Select(it => $"{1 + ids.IndexOf(it.GetProperty("id").GetString()!)}");
        var next = page.GetProperty("next").GetString();
        Assert.Equal(expected, string.Join(' ', [.. found, .. next is null ? Array.Empty<string>() : ["next"]]));
        Assert.True(next is null || next == ids[1]);
    }

    [Theory]
    [InlineData("{}", "address")]
    [InlineData("""{"address":"192.0.2.0/24"}""", "address")]
    [InlineData("""{"address":7}""", "address")]
    [InlineData("""{"user":""}""", "user")]
    [InlineData("""{"user":"a\nb"}""", "user")]
    [InlineData("""{"user":"alice","duration":"5"}""", "duration")]
    [InlineData("""{"user":"alice","duration":"366d"}""", "duration")]
    [InlineData("""{"user":"alice","reason":"a\u0007b"}""", "reason")]
    [InlineData("""{"user":"alice","until":"tomorrow"}""", "until")]
    public async Task A_body_that_means_nothing_is_refused_with_the_fields_name(string body, string field)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.SendAsync("POST", "/v1/bans", body);

        Assert.Equal((400, "bad-field"), (answer.Status, answer.Problem));
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
        Assert.Empty(node.Cluster.Guard.Bans());
    }

    [Theory]
    [InlineData("GET", "?after=1", "after")]
    [InlineData("GET", "?address=localhost", "address")]
    [InlineData("GET", "?user=a%0Ab", "user")]
    [InlineData("GET", "?kind=user", "kind")]
    [InlineData("DELETE", "/7", "id")]
    public async Task A_query_or_path_that_means_nothing_is_refused_by_name(string method, string rest, string field)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.SendAsync(method, $"/v1/bans{rest}", null);

        Assert.Equal((400, "bad-parameter"), (answer.Status, answer.Problem));
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }

    private static LoginOrigin Login(string user, string address) =>
        new(UserName.FromText(user), ClientNetwork.Of(IPAddress.Parse(address)));
}
