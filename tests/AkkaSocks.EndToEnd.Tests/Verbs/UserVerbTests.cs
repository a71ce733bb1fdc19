using AkkaSocks.EndToEnd.Tests.Admin;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using Xunit;
using static AkkaSocks.EndToEnd.Tests.Verbs.AdminVerbs;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

public sealed class UserVerbTests
{
    [Fact]
    public async Task A_user_is_added_changed_shown_listed_and_removed()
    {
        await using var node = await AdminNode.StartAsync();

        var added = await RunAsync(node, "secret\n", "user", "add", "alice", "--max-sessions", "4", "--group", "staff", "--label", "team=a=b");
        Assert.Equal(
            new(0, "name          alice\nenabled       yes\nsessions      0\nmax-sessions  4\ncommands      all\nexpires-at    never\ngroups        staff\n"
                + "labels        team=a=b\n", ""),
            added);
        Assert.True(Matches("secret"));
        Assert.Equal(
            new(1, "", "akkasocks: there is a user alice already; `akkasocks user set` changes one\n"),
            await RunAsync(node, "other", "user", "add", "alice"));
        Assert.True(Matches("secret"));

        var changed = await RunAsync(node, "", "user", "set", "alice", "--disable", "--commands", "connect,bind", "--expires-at", "2030-01-01T00:00:00Z");
        Assert.Equal((0, ""), (changed.ExitCode, changed.Errors));

        Assert.Equal(
            new(0, """{"name":"alice","enabled":false,"maxSessions":4,"commands":["connect","bind"],"expiresAt":"2030-01-01T00:00:00+00:00","groups":["staff"],"""
                + "\"labels\":{\"team\":\"a=b\"},\"sessions\":0}\n", ""),
            await RunAsync(node, "", "user", "show", "alice", "--json"));

        await RunAsync(node, "other", "user", "set", "alice", "--password", "--max-sessions", "none", "--expires-at", "never", "--enable", "--no-groups");
        Assert.True(Matches("other"));
        Assert.Equal(
            new(0, "NAME   ENABLED  SESSIONS  LIMIT  EXPIRES  GROUPS\nalice  yes      0         none   never\nfixed  yes      0         none   never\n", ""),
            await RunAsync(node, "", "user", "list"));

        Assert.Equal(new(0, "user alice removed\n", ""), await RunAsync(node, "", "user", "remove", "alice"));
        Assert.Null(node.Users.Find(UserName.FromText("alice")));

        bool Matches(string password) =>
            PasswordHash.TryParse(node.Users.Find(UserName.FromText("alice"))!.Password, out var hash, out _)
            && hash.Matches(System.Text.Encoding.UTF8.GetBytes(password));
    }

    [Fact]
    public async Task What_a_terminal_would_obey_is_escaped_and_any_name_gets_there()
    {
        await using var node = await AdminNode.StartAsync();

        await RunAsync(node, "x", "user", "add", "ünï/cödé %2F");
        var removed = await RunAsync(node, "", "user", "remove", "ünï/cödé %2F");

        Assert.Equal(new(0, "user \\xc3\\xbcn\\xc3\\xaf/c\\xc3\\xb6d\\xc3\\xa9\\x20%2F removed\n", ""), removed);
    }

    [Fact]
    public async Task Users_beyond_a_page_are_listed_too()
    {
        await using var node = await AdminNode.StartAsync();
        node.Users.Merge(Enumerable.Range(0, 1500).Select(i => AdminNode.Record($"user{i:0000}")));

        var lines = (await RunAsync(node, "", "user", "list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(1 + 1 + 1500, lines.Distinct().Count());
        Assert.StartsWith("user1499 ", lines[^1]);
    }

    [Theory]
    [InlineData("there is no user bob; `akkasocks user list` lists them", "user", "set", "bob", "--disable")]
    [InlineData("there is no user bob; `akkasocks user list` lists them", "user", "remove", "bob")]
    [InlineData("This user stands in the configuration (auth.users) and can be changed only there.", "user", "add", "fixed")]
    [InlineData("There is no such user.", "user", "show", "bob")]
    public async Task A_refusal_is_told_in_a_line(string message, params string[] arguments)
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(new(1, "", $"akkasocks: {message}\n"), await RunAsync(node, "secret", arguments));
    }

    [Theory]
    [InlineData("a name has no control characters and is valid Unicode", "user", "show", "a\nb")]
    [InlineData("a name that stands in a path cannot be . or ..", "user", "remove", "..")]
    [InlineData("expiresAt: expected a time with its offset such as 2030-12-31T23:59:59Z, or null for never", "user", "add", "bob", "--expires-at", "soon")]
    [InlineData("there is nothing to change; `akkasocks user set --help` tells what can be", "user", "set", "bob")]
    [InlineData("--max-sessions expects a whole number or none\nakkasocks --help tells what it understands.", "user", "set", "bob", "--max-sessions", "0")]
    [InlineData("--label expects NAME=TEXT\nakkasocks --help tells what it understands.", "user", "set", "bob", "--label", "team")]
    public async Task Wrong_usage_is_told_apart(string message, params string[] arguments)
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(new(2, "", $"akkasocks: {message}\n"), await RunAsync(node, "secret", arguments));
    }

    [Theory]
    [InlineData("user", "add", "alice", "hunter2")]
    [InlineData("user", "set", "alice", "--password", "hunter2")]
    public async Task A_password_is_no_argument_and_is_not_repeated(params string[] arguments)
    {
        await using var node = await AdminNode.StartAsync();

        var outcome = await RunAsync(node, "", arguments);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("takes no argument for the password", outcome.Errors);
        Assert.DoesNotContain("hunter2", outcome.Errors);
    }

    [Fact]
    public async Task An_empty_password_adds_nobody()
    {
        await using var node = await AdminNode.StartAsync();

        var outcome = await RunAsync(node, "", "user", "add", "alice");

        Assert.Equal(new(1, "", "akkasocks: a password has from 1 to 255 bytes, as many as RFC 1929 can carry\n"), outcome);
        Assert.Null(node.Users.Find(UserName.FromText("alice")));
    }
}
