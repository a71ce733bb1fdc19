using System.Net;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Server.Verbs;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class AdminVerbTests
{
    [Fact]
    public void The_address_that_is_asked_is_where_a_node_listens_unless_told_otherwise()
    {
        Assert.Contains($"endpoint = \"{new Uri(AdminVerb.UsualUrl).Authority}\"", SettingsLoader.ReferenceText());
    }

    [Fact]
    public async Task A_node_that_does_not_run_is_told_with_the_address_and_what_to_look_for()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var endpoint = (IPEndPoint)closed.LocalEndpoint;
        closed.Stop();

        var outcome = await AkkaSocksProcess.RunAsync(["nodes", "--admin", $"http://{endpoint}"]);

        Assert.Equal(
            new(1, "", $"akkasocks: nothing listens on http://{endpoint}: is the node running, and is that its admin.endpoint? "
                + "Its first lines say where its admin API is; give that as --admin URL\n"),
            outcome);
    }

    [Theory]
    [InlineData(null, "the node asks for its admin token; set AKKASOCKS_ADMIN_TOKEN as it was set for the node")]
    [InlineData("wrong-wrong-wrong-wrong-wrong", "the node has another admin token; set AKKASOCKS_ADMIN_TOKEN as it was set for the node")]
    public async Task A_token_that_does_not_open_is_told_and_not_repeated(string? token, string message)
    {
        await using var node = await AdminNode.StartAsync();
        string[] option = token is null ? [] : ["--token", token];

        var outcome = await AkkaSocksProcess.RunAsync(["nodes", "--admin", node.Url, .. option]);

        Assert.Equal(new(1, "", $"akkasocks: {message}\n"), outcome);
    }

    [Fact]
    public async Task The_token_is_read_from_the_file_that_the_environment_names()
    {
        await using var node = await AdminNode.StartAsync();
        var file = Path.Combine(Directory.CreateTempSubdirectory("akkasocks-token-").FullName, "token");
        var missing = await AkkaSocksProcess.RunAsync(["nodes", "--admin", node.Url], "", ("AKKASOCKS_ADMIN_TOKEN_FILE", file));
        await File.WriteAllTextAsync(file, AdminNode.Token + "\n");

        var outcome = await AkkaSocksProcess.RunAsync(["nodes", "--admin", node.Url], "", ("AKKASOCKS_ADMIN_TOKEN_FILE", file));

        Assert.Equal(1, missing.ExitCode);
        Assert.StartsWith("akkasocks: the token cannot be read from the file that AKKASOCKS_ADMIN_TOKEN_FILE names: ", missing.Errors);
        Assert.Equal(0, outcome.ExitCode);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task A_node_without_a_token_says_so()
    {
        await using var node = await AdminNode.StartAsync(token: null, readToken: null);

        Assert.Contains("has no admin token", (await AkkaSocksProcess.RunAsync(["nodes", "--admin", node.Url])).Errors);
    }

    [Fact]
    public async Task Something_else_that_listens_there_is_recognised()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await other.AcceptTcpClientAsync();
            await client.GetStream().ReadExactlyAsync(new byte[4]);
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"u8.ToArray());
        });

        var outcome = await AkkaSocksProcess.RunAsync(["nodes", "--admin", $"http://{other.LocalEndpoint}"]);

        Assert.Equal(
            new(1, "", $"akkasocks: what answers on http://{other.LocalEndpoint} is no admin API of AkkaSocks (HTTP 200); check --admin\n"), outcome);
        await answering;
    }

    [Theory]
    [InlineData("127.0.0.1:9180")]
    [InlineData("https://127.0.0.1:9180")]
    [InlineData("http://127.0.0.1:9180/v1")]
    [InlineData("")]
    public async Task An_address_that_is_none_is_wrong_usage(string url)
    {
        var outcome = await AkkaSocksProcess.RunAsync(["nodes", "--admin", url]);

        Assert.Equal(
            new(2, "", "akkasocks: --admin expects an address such as http://127.0.0.1:9180\nakkasocks --help tells what it understands.\n"), outcome);
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_not_asked_about_itself()
    {
        await using var node = await AdminNode.StartAsync();

        var outcome = await AkkaSocksProcess.RunAsync(
            ["healthcheck", "--admin", node.Url], "", ("http_proxy", "http://127.0.0.1:1"), ("all_proxy", "socks5://127.0.0.1:1"));

        Assert.Equal(0, outcome.ExitCode);
    }
}
