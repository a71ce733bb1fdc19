using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class RefusalEndpointsTests
{
    [Fact]
    public async Task Refused_sessions_are_listed_with_the_reason_in_words_and_what_helps()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Silent = ["n3"];
        node.Cluster.Refusals = [Refused(2), Refused(1) with { Reason = "too-tall", User = null, Command = null, Destination = null, Protocol = null }];

        var list = (await node.GetAsync("/v1/refusals")).Json;
        Assert.Equal(2, list.GetProperty("items").GetArrayLength());
        Assert.Equal("n3", list.GetProperty("silent")[0].GetString());
        var first = list.GetProperty("items")[0];
        Assert.Equal(
            ("0000000000002", "2026-11-25T07:00:00+00:00", "n2", "al ice", "connect", "10.0.0.5:80", "special-purpose-address"),
            (Text("id"), Text("time"), Text("node"), Text("user"), Text("command"), Text("destination"), Text("reason")));
        Assert.Equal(("the address is not on the public Internet", "add its network to egress.allow"), (Text("words"), Text("mend")));
        Assert.Equal("too-tall", list.GetProperty("items")[1].GetProperty("words").GetString());

        string? Text(string name) => first.GetProperty(name).GetString();
    }

    [Fact]
    public async Task They_are_filtered_and_what_is_no_filter_is_told()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Refusals = [Refused(2), Refused(1) with { Reason = "bad-credentials", User = UserName.FromText("bob") }];

        Assert.Equal(1, await CountAsync("?reason=bad-credentials"));
        Assert.Equal(1, await CountAsync("?user=al%20ice"));
        Assert.Equal(1, await CountAsync("?limit=1"));
        foreach (var wrong in new[] { "?limit=0", "?limit=101", "?reason=none", "?reason=x", "?user=%00", "?node=a", "?limit=1&limit=1" })
            Assert.Equal((400, "bad-parameter"), ((await node.GetAsync($"/v1/refusals{wrong}")).Status, (await node.GetAsync($"/v1/refusals{wrong}")).Problem));

        async Task<int> CountAsync(string query) => (await node.GetAsync($"/v1/refusals{query}")).Json.GetProperty("items").GetArrayLength();
    }

    internal static RefusedSession Refused(ulong id) => new()
    {
        Id = new SessionId(id),
        Node = "n2",
        At = DateTimeOffset.Parse("2026-11-25T07:00:00Z").ToUnixTimeMilliseconds(),
        Listener = "main",
        Protocol = "socks5",
        User = UserName.FromText("al ice"),
        Client = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 4711),
        Command = Command.Connect,
        Destination = "10.0.0.5:80",
        Reason = "special-purpose-address",
    };
}
