using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class CheckVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-check-");

    private string Bad => Path.Combine(_folder.FullName, "bad.conf");

    public CheckVerbTests() =>
        File.WriteAllText(Bad, "akkasocks {\n  listeners { main { endpoint = \"127.0.0.1:0\" } }\n  relay {\n    idle-timeout = fast\n  }\n  log.levle = info\n}\n");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Without_a_file_the_shipped_local_conf_is_good()
    {
        Assert.Equal(new(0, "The configuration is good.\n", ""), await AkkaSocksProcess.RunAsync(["check"]));
    }

    [Fact]
    public async Task The_shipped_single_node_conf_is_good_with_its_variables_set()
    {
        var hash = await AkkaSocksProcess.RunAsync(["hash-password"], "secret");
        var file = Path.Combine(AppContext.BaseDirectory, "hocon", "single-node.conf");

        var outcome = await AkkaSocksProcess.RunAsync(
            ["check", "-c", file], "", ("AKKASOCKS_USER", "alice"), ("AKKASOCKS_PASSWORD_HASH", hash.Output.Trim()));

        Assert.Equal(new(0, "The configuration is good.\n", ""), outcome);
    }

    [Fact]
    public async Task Every_problem_is_a_line_on_standard_error()
    {
        var outcome = await AkkaSocksProcess.RunAsync(["check", "-c", Bad]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal(
            $"{Bad}:4: akkasocks.relay.idle-timeout = \"fast\": expected a duration such as 30s, 15m or 0 (never)\n"
            + $"{Bad}:6: akkasocks.log.levle: unknown key; did you mean level?\n",
            outcome.Errors);
    }

    [Fact]
    public async Task Json_has_every_problem_in_its_parts_on_standard_output()
    {
        var outcome = await AkkaSocksProcess.RunAsync(["check", "--json", "-c", Bad]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Errors));
        using var json = JsonDocument.Parse(outcome.Output);
        var first = json.RootElement.GetProperty("problems")[0];
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(2, json.RootElement.GetProperty("problems").GetArrayLength());
        Assert.Equal(Bad, first.GetProperty("source").GetString());
        Assert.Equal(4, first.GetProperty("line").GetInt32());
        Assert.Equal("akkasocks.relay.idle-timeout", first.GetProperty("key").GetString());
        Assert.Equal("\"fast\"", first.GetProperty("value").GetString());
        Assert.Equal("expected a duration such as 30s, 15m or 0 (never)", first.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Json_of_a_good_configuration_has_no_problem()
    {
        var outcome = await AkkaSocksProcess.RunAsync(["check", "--json"]);

        using var json = JsonDocument.Parse(outcome.Output);
        Assert.Equal(0, outcome.ExitCode);
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(0, json.RootElement.GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task Several_files_apply_in_their_order()
    {
        var better = Path.Combine(_folder.FullName, "better.conf");
        File.WriteAllText(better, "akkasocks { relay.idle-timeout = 1m }");

        var outcome = await AkkaSocksProcess.RunAsync(["check", "-c", Bad, "-c", better]);

        Assert.Equal($"{Bad}:6: akkasocks.log.levle: unknown key; did you mean level?\n", outcome.Errors);
    }

    [Fact]
    public async Task An_unknown_option_is_wrong_usage()
    {
        Assert.Equal(2, (await AkkaSocksProcess.RunAsync(["check", "--yaml"])).ExitCode);
    }
}
