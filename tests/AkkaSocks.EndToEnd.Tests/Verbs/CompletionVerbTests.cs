using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class CompletionVerbTests
{
    [NeedsToolTheory("bash")]
    [InlineData("akkasocks n", "nodes")]
    [InlineData("akkasocks user ", "add set list show remove --help -h")]
    [InlineData("akkasocks user a", "add")]
    [InlineData("akkasocks user add --max", "--max-sessions")]
    [InlineData("akkasocks bans re", "remove")]
    [InlineData("akkasocks completion ", "bash zsh fish --help -h")]
    [InlineData("akkasocks explain alice example.com:443 --command ", "connect bind udp")]
    [InlineData("akkasocks nodes --admin ", "")]
    [InlineData("akkasocks -", "--help -h --version")]
    public async Task Bash_completes_verbs_options_and_values(string typed, string expected)
    {
        var script = (await AkkaSocksProcess.RunAsync(["completion", "bash"])).Output;

        // What bash itself does when Tab is pressed, but for the key.
        var words = typed.Split(' ');
        var outcome = await Tool.RunAsync("bash", "--norc", "-c", $$"""
            compopt() { :; }
            {{script}}
            COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}}); COMP_CWORD={{words.Length - 1}}
            _akkasocks
            echo "${COMPREPLY[*]}"
            """);

        Assert.Equal("", outcome.Errors);
        var completed = outcome.Text.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), completed.Order());
    }

    [NeedsToolFact("bash")]
    public async Task Bash_finds_nothing_wrong_with_the_script_and_completes_akkasocks_by_it()
    {
        var script = (await AkkaSocksProcess.RunAsync(["completion", "bash"])).Output;

        var outcome = await Tool.RunAsync("bash", "--norc", "-u", "-c", $"{script}\ncomplete -p akkasocks");

        Assert.Equal((0, "complete -F _akkasocks akkasocks\n", ""), (outcome.ExitCode, outcome.Text, outcome.Errors));
    }

    [NeedsToolTheory("zsh")]
    [InlineData("zsh")]
    public async Task Zsh_finds_nothing_wrong_with_its_script(string shell)
    {
        var script = (await AkkaSocksProcess.RunAsync(["completion", shell])).Output;

        var outcome = await Tool.RunAsync(shell, ["-n"], System.Text.Encoding.UTF8.GetBytes(script));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
    }

    [NeedsToolFact("fish")]
    public async Task Fish_completes_verbs_and_options()
    {
        var script = (await AkkaSocksProcess.RunAsync(["completion", "fish"])).Output;

        var outcome = await Tool.RunAsync("fish", "--no-config", "-c", $"{script}\ncomplete -C 'akkasocks user se'\ncomplete -C 'akkasocks user add --max'");

        Assert.Equal("", outcome.Errors);
        Assert.Equal(["set", "--max-sessions"], outcome.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]));
    }

    [Fact]
    public async Task A_shell_that_is_not_known_is_told_which_are() => Assert.Equal(
        "akkasocks: completion expects one of bash, zsh, fish\nakkasocks --help tells what it understands.\n",
        (await AkkaSocksProcess.RunAsync(["completion", "tcsh"])).Errors);
}
