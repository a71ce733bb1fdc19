using AkkaSocks.EndToEnd.Tests.Admin;
using Xunit;
using static AkkaSocks.EndToEnd.Tests.Verbs.AdminVerbs;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class BansVerbTests
{
    [Fact]
    public async Task Bans_are_added_listed_and_lifted()
    {
        await using var node = await AdminNode.StartAsync();

        var added = await RunAsync(node, "", "bans", "add", "--address", "192.0.2.1", "--for", "2h", "--reason", "port scan");
        Assert.Equal((0, ""), (added.ExitCode, added.Errors));
        Assert.Matches(@"^ID +USER +ADDRESS +CAUSE +LEFT +REASON\n\S+ +- +192\.0\.2\.1 +operator +(2h00m|1h59m) +port scan\n$", added.Output);
        Assert.Equal(0, (await RunAsync(node, "", "bans", "add", "--user", "al ice")).ExitCode);

        var listed = await RunAsync(node, "", "bans");
        Assert.Matches(@"^ID .*\n\S+ +- +192\.0\.2\.1 .*\n\S+ +al\\x20ice +- +operator +(5m00s|4m\d\ds)\n$", listed.Output);
        Assert.Equal(listed.Output.Split('\n').Length, (await RunAsync(node, "", "bans", "list")).Output.Split('\n').Length);
        Assert.Matches("""^\{"items":\[\{"id":[^}]*"user":"al ice"[^}]*\}\],"next":null\}\n$""", (await RunAsync(node, "", "bans", "list", "--user", "al ice", "--json")).Output);

        Assert.Equal(new(0, "1 ban lifted\n", ""), await RunAsync(node, "", "bans", "remove", "--address", "192.0.2.1"));
        var id = listed.Output.Split('\n')[2].Split(' ')[0];
        Assert.Equal(new(0, "1 ban lifted\n", ""), await RunAsync(node, "", "bans", "remove", id));
        Assert.Equal(
            new(1, "", "akkasocks: there is no such ban (any more); `akkasocks bans` lists them\n"), await RunAsync(node, "", "bans", "remove", id));
        Assert.Equal("ID  USER  ADDRESS  CAUSE  LEFT  REASON\n", (await RunAsync(node, "", "bans")).Output);
    }

    [Theory]
    [InlineData("add")]
    [InlineData("add", "--address", "192.0.2.0/24")]
    [InlineData("add", "--user", "alice", "--for", "5")]
    [InlineData("remove")]
    [InlineData("remove", "7")]
    [InlineData("remove", "7-00000001", "--user", "alice")]
    public async Task What_means_nothing_is_wrong_usage(params string[] arguments)
    {
        await using var node = await AdminNode.StartAsync();
        Assert.Equal(2, (await RunAsync(node, "", ["bans", .. arguments])).ExitCode);
    }
}
