using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class RunVerbTests
{
    [Theory]
    [InlineData(AkkaSocksProcess.SigInt)]
    [InlineData(AkkaSocksProcess.SigTerm)]
    public async Task It_says_where_it_listens_and_what_to_try_and_nothing_else_until_a_signal_stops_it(int signal)
    {
        using var process = AkkaSocksProcess.Start(["run", "-p", "0"]);
        var endpoint = Regex.Match(await process.NextLineAsync(), @"^akkasocks listens on (127\.0\.0\.1:[1-9]\d*) \(main\)$").Groups[1].Value;
        var example = await process.NextLineAsync();
        using (var client = new TcpClient())
            await client.ConnectAsync(IPEndPoint.Parse(endpoint));

        process.Signal(signal);
        var since = Stopwatch.GetTimestamp();
        var outcome = await process.EndAsync();

        Assert.Equal($"curl -x socks5h://{endpoint} https://example.com/", example);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.DoesNotContain("[INFO]", outcome.Output);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Without_a_verb_it_runs()
    {
        using var process = AkkaSocksProcess.Start(["-p", "0"]);

        Assert.StartsWith("akkasocks listens on 127.0.0.1:", await process.NextLineAsync());
        process.Signal(AkkaSocksProcess.SigTerm);
        Assert.Equal(0, (await process.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task With_a_user_the_example_asks_for_credentials()
    {
        using var process = AkkaSocksProcess.Start(["-p", "0", "-u", "alice", "-P", "@secret"]);

        await process.NextLineAsync();
        Assert.Matches(@"^curl -x socks5h://user:password@127\.0\.0\.1:\d+ https://example\.com/$", await process.NextLineAsync());
        process.Signal(AkkaSocksProcess.SigTerm);
        Assert.Equal(0, (await process.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task An_example_for_the_wildcard_address_goes_to_loopback()
    {
        using var process = AkkaSocksProcess.Start(
            ["-u", "alice", "-P", "secret"], ("AKKASOCKS__LISTENERS__MAIN__ENDPOINT", "0.0.0.0:0"));

        Assert.StartsWith("akkasocks listens on 0.0.0.0:", await process.NextLineAsync());
        Assert.StartsWith("curl -x socks5h://user:password@127.0.0.1:", await process.NextLineAsync());
        process.Signal(AkkaSocksProcess.SigTerm);
        Assert.Equal(0, (await process.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task At_level_debug_the_actor_system_is_heard()
    {
        using var process = AkkaSocksProcess.Start(["-p", "0"], ("AKKASOCKS__LOG__LEVEL", "debug"));

        Assert.StartsWith("[DEBUG]", await process.NextLineAsync());
        process.Signal(AkkaSocksProcess.SigTerm);
        await process.EndAsync();
    }

    [Fact]
    public async Task A_port_in_use_is_a_failure_that_says_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
        other.Start();
        var endpoint = (IPEndPoint)other.LocalEndpoint;

        var outcome = await AkkaSocksProcess.RunAsync(["run", "-p", $"{endpoint.Port}"]);

        Assert.Equal(
            new(1, "", $"akkasocks: the listener main cannot have {endpoint}: "
                + "another process listens there; stop it, or choose another port (-p PORT, 0 for any)\n"),
            outcome);
    }

    [Fact]
    public async Task A_user_store_that_cannot_be_opened_is_a_failure_that_names_its_path()
    {
        var outcome = await AkkaSocksProcess.RunAsync(
            ["-p", "0"], "", ("AKKASOCKS__AUTH__STORE__KIND", "embedded"), ("AKKASOCKS_DATA", "/dev/null/data"));

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Matches(@"^akkasocks: the user store /dev/null/data/users\.db: [^\n]+\n$", outcome.Errors);
    }

    [Fact]
    public async Task A_second_node_on_the_same_data_is_a_failure_that_says_what_to_do()
    {
        var data = Directory.CreateTempSubdirectory("akkasocks-data-");
        (string, string)[] environment = [("AKKASOCKS__AUTH__STORE__KIND", "embedded"), ("AKKASOCKS_DATA", data.FullName)];
        using var first = AkkaSocksProcess.Start(["-p", "0"], environment);
        await first.NextLineAsync();

        var second = await AkkaSocksProcess.RunAsync(["-p", "0"], "", environment);

        Assert.Equal(
            new(1, "", $"akkasocks: the user store {data.FullName}/users.db: another process uses it; "
                + "set a node.data-directory of this node's own, or auth.store.kind = none\n"),
            second);
        first.Signal(AkkaSocksProcess.SigTerm);
        Assert.Equal(0, (await first.EndAsync()).ExitCode);
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_bad_port_is_a_wrong_configuration()
    {
        var outcome = await AkkaSocksProcess.RunAsync(["-p", "99999"]);

        Assert.Equal(
            new(2, "", "option -p: akkasocks.listeners.main.endpoint = \"127.0.0.1:99999\": "
                + "expected an IP address and a port such as 127.0.0.1:1080 or [::1]:1080\n"),
            outcome);
    }

    [Theory]
    [InlineData("-u and -P go together", "-u", "alice")]
    [InlineData("-u and -P go together", "-P", "secret")]
    [InlineData("-P: a password has from 1 to 255 bytes, as many as RFC 1929 can carry", "-u", "alice", "-P", "")]
    [InlineData("Unrecognized command or argument '--nope'.", "--nope")]
    [InlineData("Unrecognized command or argument 'run'.", "-p", "0", "run")]
    [InlineData("Unrecognized command or argument 'nope'.", "nope")]
    public async Task Wrong_usage_is_told_in_a_line(string message, params string[] arguments)
    {
        var outcome = await AkkaSocksProcess.RunAsync(arguments);

        Assert.Equal(new(2, "", $"akkasocks: {message}\nakkasocks --help tells what it understands.\n"), outcome);
    }

    [Fact]
    public async Task Version_is_a_number()
    {
        var outcome = await AkkaSocksProcess.RunAsync(["--version"]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", outcome.Output);
    }

    [Fact]
    public async Task Help_names_every_verb()
    {
        var outcome = await AkkaSocksProcess.RunAsync(["--help"]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.All(["run", "check", "hash-password", "user", "sessions", "kill", "bans", "nodes", "drain", "healthcheck"], verb => Assert.Matches($@"(?m)^  {verb} ", outcome.Output));
    }
}
