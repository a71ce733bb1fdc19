using System.Text;
using System.Text.Json;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class UserEndpointsTests
{
    private const string Everything = """
        {"password":"secret","enabled":false,"maxSessions":4,"commands":["connect","udp-associate"],"expiresAt":"2030-06-30T12:00:00+02:00",
         "groups":["staff","ops"],"labels":{"team":"blue","a":"ü"}}
        """;

    [Fact]
    public async Task A_new_user_comes_back_without_its_password()
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n2", "alice", "192.0.2.1:1"));

        var put = await node.PutAsync("/v1/users/alice", Everything);

        Assert.Equal(201, put.Status);
        Assert.Equal(put.Body, (await node.GetAsync("/v1/users/alice")).Body);
        Assert.Equal(
            """
            {"name":"alice","enabled":false,"maxSessions":4,"commands":["connect","udp-associate"],
            "expiresAt":"2030-06-30T10:00:00+00:00","groups":["staff","ops"],
            "labels":{"a":"\u00FC","team":"blue"},"sessions":1}
            """.ReplaceLineEndings(""),
            put.Body.Replace("12:00:00+02:00", "10:00:00+00:00"));
        Assert.True(Matches(node, "alice", "secret"));
    }

    [Fact]
    public async Task What_is_left_out_stays_and_null_takes_it_away()
    {
        await using var node = await AdminNode.StartAsync();
        await node.PutAsync("/v1/users/alice", Everything);

        var enabled = await node.PutAsync("/v1/users/alice", """{"enabled":true}""");
        var unlimited = await node.PutAsync(
            "/v1/users/alice", """{"maxSessions":null,"commands":null,"expiresAt":null,"groups":[],"labels":{}}""");

        Assert.Equal((200, 4), (enabled.Status, enabled.Json.GetProperty("maxSessions").GetInt32()));
        Assert.Equal(
            """{"name":"alice","enabled":true,"maxSessions":null,"commands":null,"expiresAt":null,"groups":[],"labels":{},"sessions":0}""",
            unlimited.Body);
        Assert.True(Matches(node, "alice", "secret"));
    }

    [Fact]
    public async Task A_password_that_is_set_to_what_it_is_keeps_its_hash()
    {
        await using var node = await AdminNode.StartAsync();
        await node.PutAsync("/v1/users/alice", """{"password":"secret"}""");
        var hash = node.Users.Find(UserName.FromText("alice"))!.Password;

        await node.PutAsync("/v1/users/alice", """{"password":"secret"}""");
        Assert.Equal(hash, node.Users.Find(UserName.FromText("alice"))!.Password);

        await node.PutAsync("/v1/users/alice", """{"password":"other"}""");
        Assert.True(Matches(node, "alice", "other"));
        Assert.False(Matches(node, "alice", "secret"));
    }

    [Fact]
    public async Task Changes_that_come_together_do_not_undo_each_other()
    {
        await using var node = await AdminNode.StartAsync();
        await node.PutAsync("/v1/users/alice", """{"password":"secret"}""");

        await Task.WhenAll(
            node.PutAsync("/v1/users/alice", """{"password":"other"}"""),
            node.PutAsync("/v1/users/alice", """{"maxSessions":7}"""),
            node.PutAsync("/v1/users/alice", """{"enabled":false}"""),
            node.PutAsync("/v1/users/alice", """{"groups":["g"]}"""));

        var user = (await node.GetAsync("/v1/users/alice")).Json;
        Assert.Equal(7, user.GetProperty("maxSessions").GetInt32());
        Assert.False(user.GetProperty("enabled").GetBoolean());
        Assert.Equal("g", user.GetProperty("groups")[0].GetString());
        Assert.True(Matches(node, "alice", "other"));
    }

    public static TheoryData<string, string, string> BadFields => new()
    {
        { """{"password":""}""", "password", "1 to 255 bytes" },
        { $$"""{"password":"{{new string('x', 256)}}"}""", "password", "1 to 255 bytes" },
        { $$"""{"password":"{{new string('ü', 128)}}"}""", "password", "1 to 255 bytes" },
        { """{"password":7}""", "password", "text" },
        { """{"password":null}""", "password", "text" },
        { """{"password":"\ud800"}""", "password", "text" },
        { """{"maxSessions":0}""", "maxSessions", "whole number" },
        { """{"maxSessions":-1}""", "maxSessions", "whole number" },
        { """{"maxSessions":1.5}""", "maxSessions", "whole number" },
        { """{"maxSessions":1000001}""", "maxSessions", "whole number" },
        { """{"maxSessions":99999999999999999999}""", "maxSessions", "whole number" },
        { """{"maxSessions":"4"}""", "maxSessions", "whole number" },
        { """{"enabled":"yes"}""", "enabled", "true or false" },
        { """{"enabled":null}""", "enabled", "true or false" },
        { """{"expiresAt":"2030-06-30"}""", "expiresAt", "a time with its offset" },
        { """{"expiresAt":"2030-06-30T12:00:00"}""", "expiresAt", "a time with its offset" },
        { """{"expiresAt":"2030-02-30T12:00:00Z"}""", "expiresAt", "a time with its offset" },
        { """{"expiresAt":"tomorrow"}""", "expiresAt", "a time with its offset" },
        { """{"expiresAt":""}""", "expiresAt", "a time with its offset" },
        { """{"expiresAt":1893456000}""", "expiresAt", "a time with its offset" },
        { """{"groups":"staff"}""", "groups", "a list" },
        { """{"groups":["a",1]}""", "groups[1]", "a name" },
        { """{"groups":[""]}""", "groups[0]", "a name" },
        { """{"groups":["a\nb"]}""", "groups[0]", "a name" },
        { $$"""{"groups":["{{new string('x', 65)}}"]}""", "groups[0]", "a name" },
        { $$"""{"groups":[{{string.Join(',', Enumerable.Repeat("\"g\"", 65))}}]}""", "groups", "a list" },
        { $$"""{"groups":[{{string.Join(',', Enumerable.Repeat($"\"{new string('ü', 60)}\"", 18))}}]}""", "groups", "2048 bytes" },
        { """{"labels":["a"]}""", "labels", "an object" },
        { """{"labels":{"team":5}}""", "labels.team", "text" },
        { """{"labels":{"team":"a\u0000"}}""", "labels.team", "text" },
        { """{"labels":{"":"a"}}""", "labels", "names" },
        { $$$"""{"labels":{"team":"{{{new string('x', 257)}}}"}}""", "labels.team", "text" },
        { """{"pasword":"secret"}""", "pasword", "did you mean password?" },
        { """{"Password":"secret"}""", "Password", "did you mean password?" },
        { """{"quota":5}""", "quota", "known here: password, enabled" },
        { """{"sessions":5}""", "sessions", "cannot be set" },
        { """{"name":"alice"}""", "name", "cannot be set" },
        { """{}""", "password", "is missing" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task A_wrong_field_is_named_with_what_was_expected(string body, string field, string expected)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.PutAsync("/v1/users/alice", body);

        Assert.Equal((400, "bad-field"), (answer.Status, answer.Problem));
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        var error = Assert.Single(answer.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal(field, error.GetProperty("field").GetString());
        Assert.Contains(expected, error.GetProperty("detail").GetString());
        Assert.Equal(400, answer.Json.GetProperty("status").GetInt32());
        Assert.Null(node.Users.Find(UserName.FromText("alice")));
    }

    [Fact]
    public async Task All_wrong_fields_are_told_at_once_and_the_password_never()
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.PutAsync(
            "/v1/users/alice", """{"pasword":"hunter2","password":["hunter2"],"enabled":"hunter2"}""");

        Assert.Equal(
            ["pasword", "password", "enabled"],
            answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()));
        Assert.DoesNotContain("hunter2", answer.Body);
    }

    [Theory]
    [InlineData("", 400, "bad-body")]
    [InlineData("password=secret", 400, "bad-body")]
    [InlineData("""{"password":"hunter2" """, 400, "bad-body")]
    [InlineData("""{"password":"hunter2"} x""", 400, "bad-body")]
    [InlineData("""{"password":"hunter2","password":"hunter3"}""", 400, "bad-body")]
    [InlineData("""{"password":"hunter2",}""", 400, "bad-body")]
    [InlineData("""["hunter2"]""", 400, "bad-body")]
    [InlineData("\"hunter2\"", 400, "bad-body")]
    [InlineData("null", 400, "bad-body")]
    [InlineData("""{"\ud800":"hunter2"}""", 400, "bad-body")]
    [InlineData("""{"labels":{"\ud800":"hunter2"}}""", 400, "bad-body")]
    [InlineData("""{"labels":{"a":[[[[[[[["hunter2"]]]]]]]]}}""", 400, "bad-body")]
    public async Task A_body_that_is_no_object_is_refused_and_not_repeated(string body, int status, string problem)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.PutAsync("/v1/users/alice", body);

        Assert.Equal((status, problem), (answer.Status, answer.Problem));
        Assert.DoesNotContain("hunter", answer.Body);
    }

    [Fact]
    public async Task A_body_beyond_all_measure_is_not_read()
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.PutAsync("/v1/users/alice", $$"""{"password":"{{new string('x', 300_000)}}"}""");

        Assert.Equal((413, "http-413"), (answer.Status, answer.Problem));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("al ice")]
    [InlineData("al/ice")]
    [InlineData("al%2Fice")]
    [InlineData("al\\ice")]
    [InlineData("a.b..c")]
    [InlineData("a+b&c=d?e#f")]
    [InlineData("ünïcödé 用户 😀")]
    [InlineData("<script>")]
    public async Task A_name_is_taken_byte_for_byte(string name)
    {
        await using var node = await AdminNode.StartAsync();
        var path = $"/v1/users/{Uri.EscapeDataString(name)}";

        Assert.Equal(201, (await node.PutAsync(path, """{"password":"x"}""")).Status);

        Assert.Equal(name, (await node.GetAsync(path)).Json.GetProperty("name").GetString());
        Assert.Contains(name, Names((await node.GetAsync("/v1/users")).Json));
        Assert.NotNull(node.Users.Find(UserName.FromText(name)));
        Assert.Equal(204, (await node.SendAsync("DELETE", path, null)).Status);
        Assert.Equal((404, "unknown-user"), ((await node.GetAsync(path)).Status, (await node.GetAsync(path)).Problem));
    }

    [Fact]
    public async Task The_longest_name_has_255_bytes()
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(201, (await node.PutAsync($"/v1/users/{new string('x', 255)}", """{"password":"x"}""")).Status);
        foreach (var longer in new[] { new string('x', 256), Uri.EscapeDataString(new string('ü', 128)) })
            Assert.Equal("bad-parameter", (await node.PutAsync($"/v1/users/{longer}", """{"password":"x"}""")).Problem);
    }

    [Theory]
    [InlineData("%00")]
    [InlineData("a%0Ab")]
    [InlineData("a%1B%5B2J")]
    [InlineData("a%7F")]
    [InlineData("a%C2%85b")]
    [InlineData("a%E2%80%A8b")]
    [InlineData("%FF")]
    [InlineData("%C3")]
    [InlineData("%ED%A0%80")]
    [InlineData("%C0%AF")]
    [InlineData("a%")]
    [InlineData("a%4")]
    [InlineData("a%zz")]
    public async Task A_name_that_is_no_text_is_refused(string segment)
    {
        await using var node = await AdminNode.StartAsync();

        Assert.Equal(400, await node.StatusOfAsync($"GET /v1/users/{segment} HTTP/1.1", "Host: localhost"));
        Assert.Equal(400, await node.StatusOfAsync($"DELETE /v1/users/{segment}?x=/fixed HTTP/1.1", "Host: localhost"));
    }

    [Fact]
    public async Task Preconditions_tell_adding_from_changing()
    {
        await using var node = await AdminNode.StartAsync();
        const string Body = """{"password":"x"}""";

        Assert.Equal(412, (await node.PutAsync("/v1/users/alice", Body, ("If-Match", "*"))).Status);
        Assert.Equal(201, (await node.PutAsync("/v1/users/alice", Body, ("If-None-Match", "*"))).Status);
        Assert.Equal(412, (await node.PutAsync("/v1/users/alice", Body, ("If-None-Match", "*"))).Status);
        Assert.Equal(200, (await node.PutAsync("/v1/users/alice", Body, ("If-Match", "*"))).Status);
        Assert.Equal(412, (await node.PutAsync("/v1/users/alice", Body, ("If-Match", "\"1\""))).Status);
    }

    [Fact]
    public async Task A_user_of_the_configuration_cannot_be_changed_here()
    {
        await using var node = await AdminNode.StartAsync();

        var put = await node.PutAsync($"/v1/users/{AdminNode.FixedUser}", """{"enabled":false}""");
        var delete = await node.SendAsync("DELETE", $"/v1/users/{AdminNode.FixedUser}", null);

        Assert.Equal((409, "fixed-user"), (put.Status, put.Problem));
        Assert.Equal((409, "fixed-user"), (delete.Status, delete.Problem));
        Assert.Equal(200, (await node.GetAsync($"/v1/users/{AdminNode.FixedUser}")).Status);
    }

    [Fact]
    public async Task A_store_that_cannot_write_is_told()
    {
        await using var node = await AdminNode.StartAsync();
        await node.PutAsync("/v1/users/alice", """{"password":"x"}""");
        node.Cluster.StoreProblem = "the disk is full";

        var put = await node.PutAsync("/v1/users/alice", """{"enabled":false}""");
        var delete = await node.SendAsync("DELETE", "/v1/users/alice", null);

        Assert.Equal((503, "not-saved"), (put.Status, put.Problem));
        Assert.Equal("the disk is full", put.Json.GetProperty("detail").GetString());
        Assert.Equal((503, "not-saved"), (delete.Status, delete.Problem));
        Assert.True((await node.GetAsync("/v1/users/alice")).Json.GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Pages_have_each_user_once_in_the_order_of_names()
    {
        await using var node = await AdminNode.StartAsync();
        foreach (var name in new[] { "d", "a", "c", "b" })
            await node.PutAsync($"/v1/users/{name}", """{"password":"x"}""");

        var first = (await node.GetAsync("/v1/users?limit=2")).Json;
        var second = (await node.GetAsync("/v1/users?limit=3&after=b")).Json;

        Assert.Equal(["a", "b"], Names(first));
        Assert.Equal(("b", 5), (first.GetProperty("next").GetString(), first.GetProperty("total").GetInt32()));
        Assert.Equal(["c", "d", AdminNode.FixedUser], Names(second));
        Assert.Null(second.GetProperty("next").GetString());
    }

    [Theory]
    [InlineData("?q=LI", "alice olivia")]
    [InlineData("?q=li&limit=1", "alice next=alice")]
    [InlineData("?q=nobody", "")]
    [InlineData("?sort=-sessions", "olivia bob")]
    [InlineData("?sort=-sessions&limit=1", "olivia")]
    [InlineData("?sort=-sessions&q=bo", "bob")]
    public async Task Users_are_found_by_a_part_of_their_name_and_ordered_by_their_sessions(string query, string expected)
    {
        await using var node = await AdminNode.StartAsync();
        node.Users.Merge(new[] { "alice", "bob", "olivia" }.Select(AdminNode.Record));
        foreach (var (user, id) in new[] { ("bob", 1UL), ("olivia", 2UL), ("olivia", 3UL), ("unknown-here", 4UL) })
            node.Cluster.Add(SessionEndpointsTests.Session(id, "n1", user, "192.0.2.1:1"));

        var page = (await node.GetAsync($"/v1/users{query}")).Json;

        var next = page.GetProperty("next").GetString() is { } after ? $" next={after}" : "";
        Assert.Equal(expected, string.Join(' ', Names(page)) + next);
    }

    [Theory]
    [InlineData("?q=", "q")]
    [InlineData("?sort=sessions", "sort")]
    public async Task A_query_that_means_nothing_is_refused_by_name(string query, string field)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.GetAsync($"/v1/users{query}");

        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("POST", "/v1/users", 405)]
    [InlineData("PATCH", "/v1/users/alice", 405)]
    [InlineData("GET", "/v1/users/a/b", 404)]
    [InlineData("GET", "/v2/users", 404)]
    [InlineData("GET", "/dashboard/", 404)]
    public async Task What_is_not_there_is_a_problem_too(string method, string path, int status)
    {
        await using var node = await AdminNode.StartAsync();

        var answer = await node.SendAsync(method, path, null);

        Assert.Equal((status, $"http-{status}"), (answer.Status, answer.Problem));
    }

    private static IEnumerable<string?> Names(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("name").GetString());

    private static bool Matches(AdminNode node, string user, string password) =>
        PasswordHash.TryParse(node.Users.Find(UserName.FromText(user))!.Password, out var hash, out _)
        && hash.Matches(Encoding.UTF8.GetBytes(password));
}
