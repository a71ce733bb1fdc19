using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class ActorEndpointsTests
{
    [Fact]
    public async Task Actors_of_any_node_are_shown_by_type_with_what_they_do_and_as_a_tree()
    {
        await using var node = await AdminNode.StartAsync();

        var actors = (await node.GetAsync("/v1/actors?node=n2&depth=2&top=5")).Json;

        Assert.Equal("n2", actors.GetProperty("node").GetString());
        var type = actors.GetProperty("types")[0];
        Assert.Equal(
            ("session", 3, 12.5, 123.0, 5000.0),
            (type.GetProperty("type").GetString(), type.GetProperty("live").GetInt32(), type.GetProperty("perSecond").GetDouble(),
                type.GetProperty("handlingMicroseconds").GetDouble(), type.GetProperty("waitingMicroseconds").GetDouble()));
        var message = actors.GetProperty("messages")[0];
        Assert.Equal(
            ("session", "session.time-up", 6400, 1, 100, 12.5, 0.125),
            (Text("actor"), Text("message"), Number("handled"), Number("failures"), Number("timed"), Number("perSecond"), Number("busy")));
        Assert.Equal(
            (123.0, 456.0, 5000.0, 42000.0),
            (Number("handlingMedianMicroseconds"), Number("handlingP99Microseconds"), Number("waitingMedianMicroseconds"),
                Number("waitingP99Microseconds")));
        Assert.Equal("/user/auth", actors.GetProperty("items")[0].GetProperty("items")[0].GetProperty("path").GetString());
        Assert.Equal("n1", (await node.GetAsync("/v1/actors")).Json.GetProperty("node").GetString());

        string? Text(string name) => message.GetProperty(name).GetString();

        double Number(string name) => message.GetProperty(name).GetDouble();
    }

    [Fact]
    public async Task A_node_that_is_not_there_or_does_not_answer_is_told_and_so_is_a_wrong_parameter()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal((404, "unknown-node"), await ProblemAsync("?node=n9"));
        foreach (var wrong in new[] { "?depth=0", "?depth=11", "?top=0", "?top=1001", "?node=a%20b", "?nodes=a" })
            Assert.Equal((400, "bad-parameter"), await ProblemAsync(wrong));
        node.Cluster.Actors = null;
        Assert.Equal((503, "no-answer"), await ProblemAsync("?node=n2"));

        async Task<(int, string)> ProblemAsync(string query)
        {
            var answer = await node.GetAsync($"/v1/actors{query}");
            return (answer.Status, answer.Problem);
        }
    }
}
