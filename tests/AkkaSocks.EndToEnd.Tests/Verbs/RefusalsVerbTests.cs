using AkkaSocks.EndToEnd.Tests.Admin;
using Xunit;
using static AkkaSocks.EndToEnd.Tests.Verbs.AdminVerbs;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class RefusalsVerbTests
{
    [Fact]
    public async Task Refusals_are_listed_with_what_to_ask_next()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Refusals = [RefusalEndpointsTests.Refused(1)];

        Assert.Equal(
            "TIME      SESSION        NODE  CLIENT          USER       DESTINATION  REASON\n"
            + "07:00:00  0000000000001  n2    192.0.2.7:4711  al\\x20ice  10.0.0.5:80  special-purpose-address\n"
            + "`akkasocks explain --session ID` says what decided.\n",
            (await RunAsync(node, "", "refusals")).Output);
        Assert.Equal(new(0, "Nobody was refused lately.\n", ""), await RunAsync(node, "", "refusals", "--user", "bob"));
        Assert.StartsWith("{\"items\":[{\"id\":\"0000000000001\",", (await RunAsync(node, "", "refusals", "--json", "--limit", "1")).Output);
        Assert.Equal(
            new(2, "", "akkasocks: limit: expected a whole number from 1 to 100\n"), await RunAsync(node, "", "refusals", "--limit", "0"));
    }
}
