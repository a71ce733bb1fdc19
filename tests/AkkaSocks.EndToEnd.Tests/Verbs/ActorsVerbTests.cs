using AkkaSocks.EndToEnd.Tests.Admin;
using Xunit;
using static AkkaSocks.EndToEnd.Tests.Verbs.AdminVerbs;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class ActorsVerbTests
{
    [Fact]
    public async Task Actors_of_a_node_are_shown_by_type_and_as_a_tree()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(
            "TYPE     LIVE  STARTED  MESSAGES  PER S  HANDLING  WAITING  DEPTH  PEAK  FAILURES  RESTARTS\n"
            + "session  3     10       6400      12.5   123.0 us  5.0 ms   2      5     1         0\n"
            + "\n"
            + "ACTOR   TYPE           STATE  WAITING  AGE    CHILDREN\n"
            + "/user   GuardianActor  -      0        1m01s  1\n"
            + "  auth  AuthRegistry   -      2        1m00s  0\n",
            (await RunAsync(node, "", "actors", "--node", "n2")).Output);
        Assert.Equal(
            new(1, "", "akkasocks: there is no node n9; `akkasocks nodes` lists them\n"), await RunAsync(node, "", "actors", "--node", "n9"));
        Assert.Equal(2, (await RunAsync(node, "", "actors", "--depth", "99")).ExitCode);
    }

    [Fact]
    public async Task What_messages_cost_is_shown_instead_of_the_tree()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(
            "TYPE     LIVE  STARTED  MESSAGES  PER S  HANDLING  WAITING  DEPTH  PEAK  FAILURES  RESTARTS\n"
            + "session  3     10       6400      12.5   123.0 us  5.0 ms   2      5     1         0\n"
            + "\n"
            + "TYPE     MESSAGE          ABOUT  PER S  BUSY    HANDLING P50  P99       WAITING P50  P99      TIMED  FAILURES\n"
            + "session  session.time-up  6400   12.5   12.5 %  123.0 us      456.0 us  5.0 ms       42.0 ms  100    1\n",
            (await RunAsync(node, "", "actors", "--messages")).Output);
    }

    [Fact]
    public async Task A_node_that_does_not_measure_its_actors_shows_the_tree_and_says_so()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Actors = node.Cluster.Actors! with { Types = [], Messages = [] };

        Assert.Equal(
            "Not measured: metrics.actors is off there.\n"
            + "\n"
            + "ACTOR   TYPE           STATE  WAITING  AGE    CHILDREN\n"
            + "/user   GuardianActor  -      0        1m01s  1\n"
            + "  auth  AuthRegistry   -      2        1m00s  0\n",
            (await RunAsync(node, "", "actors")).Output);
        Assert.Equal("Not measured: metrics.actors is off there.\n", (await RunAsync(node, "", "actors", "--messages")).Output);
    }
}
