using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class HashPasswordVerbTests
{
    [Theory]
    [InlineData("secret")]
    [InlineData("secret\n")]
    [InlineData("secret\r\nsecond line")]
    public async Task A_line_from_standard_input_becomes_a_hash_that_a_configuration_accepts(string input)
    {
        var hash = await AkkaSocksProcess.RunAsync(["hash-password"], input);
        var check = await AkkaSocksProcess.RunAsync(
            ["check"], "", ("AKKASOCKS__AUTH__METHODS", "[password]"), ("AKKASOCKS__AUTH__USERS__ALICE__PASSWORD", hash.Output.TrimEnd('\n')));

        Assert.Equal((0, ""), (hash.ExitCode, hash.Errors));
        Assert.Matches(@"^\$argon2id\$[^\n]+\n$", hash.Output);
        Assert.Equal((0, ""), (check.ExitCode, check.Errors));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\nsecret")]
    [InlineData(null)]
    public async Task A_password_that_no_client_can_send_is_refused(string? input)
    {
        var outcome = await AkkaSocksProcess.RunAsync(["hash-password"], input ?? new string('x', 256));

        Assert.Equal(new(1, "", "akkasocks: a password has from 1 to 255 bytes, as many as RFC 1929 can carry\n"), outcome);
    }

    [Fact]
    public async Task The_longest_password_is_accepted()
    {
        Assert.Equal(0, (await AkkaSocksProcess.RunAsync(["hash-password"], new string('x', 255) + "\r\n")).ExitCode);
    }

    [Fact]
    public async Task An_argument_is_refused_and_not_repeated()
    {
        var outcome = await AkkaSocksProcess.RunAsync(["hash-password", "hunter2"]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith("akkasocks: hash-password takes no argument", outcome.Errors);
        Assert.DoesNotContain("hunter2", outcome.Errors);
    }
}
