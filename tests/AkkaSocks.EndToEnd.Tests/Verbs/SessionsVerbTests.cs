using AkkaSocks.EndToEnd.Tests.Admin;
using Xunit;
using static AkkaSocks.EndToEnd.Tests.Verbs.AdminVerbs;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class SessionsVerbTests
{
    [Fact]
    public async Task Sessions_are_listed_filtered_and_killed()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n1", "alice", "192.0.2.1:1"));
        node.Cluster.Add(SessionEndpointsTests.Session(2, "n2", "al ice", "192.0.2.2:2") with { Destination = null, Age = TimeSpan.FromHours(49) });
        node.Cluster.Add(SessionEndpointsTests.Session(3, "n2", "x", "192.0.2.2:3") with { User = null, Age = TimeSpan.FromSeconds(3) });

        Assert.Equal(
            "ID             NODE  USER       CLIENT       DESTINATION      UP  DOWN        AGE\n"
            + "0000000000001  n1    alice      192.0.2.1:1  example.com:443  17  4300000000  1m01s\n"
            + "0000000000002  n2    al\\x20ice  192.0.2.2:2  -                17  4300000000  2d01h\n"
            + "0000000000003  n2    -          192.0.2.2:3  example.com:443  17  4300000000  3s\n",
            (await RunAsync(node, "", "sessions")).Output);

        var filtered = await RunAsync(node, "", "sessions", "--user", "al ice", "--client", "192.0.2.2", "--node", "n2", "--json");
        Assert.Equal((0, ""), (filtered.ExitCode, filtered.Errors));
        Assert.Matches("""^\{"items":\[\{"id":"0000000000002",[^{]*\}\],"next":null\}\n$""", filtered.Output);

        Assert.Equal(new(0, "session 0000000000002 ended\n", ""), await RunAsync(node, "", "kill", "0000000000002"));
        Assert.Equal([1UL, 3], node.Cluster.Sessions.Keys);
        Assert.Equal(
            new(1, "", "akkasocks: there is no session 0000000000002 (any more); `akkasocks sessions` lists them\n"),
            await RunAsync(node, "", "kill", "0000000000002"));
        Assert.Equal(2, (await RunAsync(node, "", "kill", "7")).ExitCode);
        Assert.Equal(new(0, "1 session ended\n", ""), await RunAsync(node, "", "kill", "--user", "alice"));
        Assert.Equal(new(0, "{\"ended\":1}\n", ""), await RunAsync(node, "", "kill", "--address", "192.0.2.2", "--json"));
        Assert.Empty(node.Cluster.Sessions);
        Assert.Equal(2, (await RunAsync(node, "", "kill")).ExitCode);
        Assert.Equal(2, (await RunAsync(node, "", "kill", "--user", "alice", "--address", "192.0.2.2")).ExitCode);
        Assert.Equal(2, (await RunAsync(node, "", "sessions", "--client", "localhost")).ExitCode);
    }
}
