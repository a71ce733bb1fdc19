using System.Text.Json;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin.Audit;

public sealed class AuditLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-audit-");

    private string File => Path.Combine(_folder.FullName, "audit.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_change_is_a_line_that_says_who_from_where_what_before_and_after()
    {
        await using var node = await AdminNode.StartAsync(auditFile: File);
        node.Cluster.Nodes = [.. node.Cluster.Nodes.Select(it => it with { IsDraining = false })];
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n2", "alice", "192.0.2.1:1"));

        await node.PutAsync("/v1/users/alice", """{"password":"hunter2","maxSessions":4}""");
        await node.PutAsync("/v1/users/alice", """{"maxSessions":5,"commands":["connect"],"labels":{"team":"blue"}}""");
        await node.PutAsync("/v1/users/alice", """{"password":"hunter3"}""");
        await node.SendAsync("DELETE", "/v1/users/alice", null);
        await node.SendAsync("DELETE", "/v1/sessions/0000000000001", null);
        await node.SendAsync("POST", "/v1/drain", """{"node":"n2"}""");

        var lines = (await System.IO.File.ReadAllLinesAsync(File)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["user-added alice", "user-changed alice", "user-changed alice", "user-removed alice", "session-ended 0000000000001", "node-drained n2"],
            lines.Select(line => $"{Text(line, "action")} {Text(line, "subject")}"));
        Assert.All(lines, line => Assert.Equal(("n1", "admin.token"), (Text(line, "node"), Text(line, "by"))));
        Assert.All(lines, line => Assert.StartsWith("127.0.0.1:", Text(line, "from")));
        Assert.All(lines, line => Assert.InRange(line.GetProperty("time").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow));
        Assert.False(lines[0].TryGetProperty("before", out _));
        Assert.Equal(4, lines[1].GetProperty("before").GetProperty("maxSessions").GetInt32());
        Assert.Equal("blue", lines[1].GetProperty("after").GetProperty("labels").GetProperty("team").GetString());
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("before").GetProperty("commands").ValueKind);
        Assert.Equal("connect", lines[1].GetProperty("after").GetProperty("commands")[0].GetString());
        Assert.False(lines[1].GetProperty("passwordChanged").GetBoolean());
        Assert.True(lines[2].GetProperty("passwordChanged").GetBoolean());
        Assert.False(lines[3].TryGetProperty("after", out _));
        var text = await System.IO.File.ReadAllTextAsync(File);
        Assert.DoesNotContain("hunter", text);
        Assert.DoesNotContain("argon2", text);
    }

    [Fact]
    public async Task What_was_refused_is_no_change()
    {
        await using var node = await AdminNode.StartAsync(auditFile: File);

        await node.PutAsync("/v1/users/alice", """{"password":7}""");
        await node.SendAsync("DELETE", "/v1/users/nobody", null);
        await node.SendAsync("DELETE", "/v1/sessions/0000000000001", null);
        await node.SendAsync("POST", "/v1/drain", """{"node":"n9"}""");
        await node.PutAsync("/v1/users/alice", """{"password":"x"}""", ("Authorization", $"Bearer {AdminNode.ReadToken}"));

        Assert.Equal("", await System.IO.File.ReadAllTextAsync(File));
    }

    [Fact]
    public async Task A_name_with_a_line_feed_or_an_escape_makes_no_line_and_no_colour()
    {
        await using var node = await AdminNode.StartAsync(auditFile: File);

        await node.PutAsync("/v1/users/al%E2%80%AEice%C2%85%3Cb%3E", """{"password":"hunter2"}""");
        await node.PutAsync("/v1/users/al%E2%80%AEice%3Cb%3E", """{"password":"hunter2"}""");

        var line = Assert.Single(await System.IO.File.ReadAllLinesAsync(File));
        Assert.All(line, letter => Assert.InRange(letter, ' ', '~'));
        Assert.Equal("al\u202Eice<b>", Text(JsonDocument.Parse(line).RootElement, "subject"));
    }

    [Fact]
    public async Task Lines_are_appended_to_a_file_that_only_its_owner_reads()
    {
        await using (var node = await AdminNode.StartAsync(auditFile: File))
            await node.PutAsync("/v1/users/alice", """{"password":"hunter2"}""");
        await using (var node = await AdminNode.StartAsync(auditFile: File))
            await node.PutAsync("/v1/users/bob", """{"password":"hunter2"}""");

        Assert.Equal(2, (await System.IO.File.ReadAllLinesAsync(File)).Length);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public async Task Without_a_file_lines_go_to_the_process_log()
    {
        await using var node = await AdminNode.StartAsync();

        await node.PutAsync("/v1/users/al%20ice", """{"password":"hunter2"}""");

        Assert.True(SpinWait.SpinUntil(() => !node.Log.IsEmpty, TimeSpan.FromSeconds(20)));
        var line = Assert.Single(node.Log);
        Assert.StartsWith("Audit: {", line);
        Assert.Contains("\"action\":\"user-added\",\"subject\":\"al ice\"", line);
    }

    private static string? Text(JsonElement line, string field) => line.GetProperty(field).GetString();
}
