using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Admin.Logs;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Server.Admin;
using AkkaSocks.Server.Dashboard;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Admin;

public sealed class OpenApiDescriptionTests
{
    [Fact]
    public async Task It_describes_the_paths_that_are_served_and_no_others()
    {
        await using var node = await AdminNode.StartAsync();

        var description = (await node.GetAsync("/openapi/v1.json", ("Authorization", ""))).Json;

        Assert.StartsWith("3.1.", description.GetProperty("openapi").GetString());
        Assert.Equal(
            node.Routes.Where(route => !DashboardFiles.Paths.Contains(route.Split(' ')[1])).Order(),
            description.GetProperty("paths").EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject(), (path, method) => $"{method.Name.ToUpperInvariant()} {path.Name}")
                .Order());
    }

    [Fact]
    public async Task Each_reference_leads_somewhere_and_each_operation_has_its_own_name()
    {
        await using var node = await AdminNode.StartAsync();
        var description = (await node.GetAsync("/openapi/v1.json")).Json;

        var schemas = description.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(it => it.Name).ToHashSet();
        var references = Find(description, "$ref").Select(it => it.GetString()!).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Contains(reference.Split('/')[3], schemas));
        var names = Find(description, "operationId").Select(it => it.GetString()).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    [Theory]
    [InlineData("/v1/nodes", "NodeList")]
    [InlineData("/v1/node", "SelfDocument")]
    [InlineData("/v1/totals", "TotalsDocument")]
    [InlineData("/v1/sessions", "SessionPage")]
    [InlineData("/v1/users", "UserPage")]
    [InlineData("/v1/users/nobody", "Problem")]
    [InlineData("/v1/refusals", "RefusalList")]
    [InlineData("/v1/reasons", "ReasonList")]
    [InlineData("/v1/history", "HistoryDocument")]
    [InlineData("/v1/actors", "ActorTreeDocument")]
    [InlineData("/v1/log", "LogPageDocument")]
    [InlineData("/healthz", "HealthDocument")]
    public async Task What_is_sent_is_what_is_described(string path, string schema)
    {
        await using var node = await AdminNode.StartAsync();
        node.Cluster.Add(SessionEndpointsTests.Session(1, "n2", "alice", "192.0.2.1:1"));
        node.Cluster.Refusals = [RefusalEndpointsTests.Refused(1)];
        node.Cluster.History = [new NodeHistory.Line("n1", [new NodeHistory.Point(TimeSpan.FromSeconds(5), 1, 2, 3, 4, 5, 0.5)])];
        node.Cluster.Log = [LogEndpointsTests.Line("n1", 1, "a")];
        var description = (await node.GetAsync("/openapi/v1.json")).Json;

        AssertFits((await node.GetAsync(path)).Json, description.GetProperty("components").GetProperty("schemas").GetProperty(schema), description);
    }

    [Fact]
    public void Every_field_of_a_user_that_is_read_is_described() =>
        Assert.Equal(UserBody.Known, UserBody.Described.Select(field => field.Name));

    private static void AssertFits(JsonElement value, JsonElement schema, JsonElement root)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            AssertFits(value, reference.GetString()!.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name)), root);
            return;
        }

        var types = schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } several
            ? several.EnumerateArray().Select(it => it.GetString())
            : [schema.GetProperty("type").GetString()];
        Assert.Contains(
            value.ValueKind switch
            {
                JsonValueKind.Object => "object",
                JsonValueKind.Array => "array",
                JsonValueKind.String => "string",
                JsonValueKind.Null => "null",
                JsonValueKind.Number => types.Contains("integer") ? "integer" : "number",
                _ => "boolean",
            },
            types);
        if (value.ValueKind == JsonValueKind.Array)
            Assert.All(value.EnumerateArray(), item => AssertFits(item, schema.GetProperty("items"), root));
        if (value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties))
            Assert.All(value.EnumerateObject(), field => AssertFits(field.Value, properties.GetProperty(field.Name), root));
    }

    private static IEnumerable<JsonElement> Find(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .SelectMany(it => it.Name == name && it.Value.ValueKind == JsonValueKind.String ? [it.Value] : Find(it.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(it => Find(it, name)),
        _ => [],
    };
}
