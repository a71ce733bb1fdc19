using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AkkaSocks.Server.Admin;

/// <summary>
/// <c>/openapi/v1.json</c>: the API in OpenAPI 3.1, made when it is asked for of the routes that are served and of the documents that
/// are sent, so it cannot say anything else than they do.
/// </summary>
internal static partial class OpenApiDescription
{
    private const string Path = "/openapi/v1.json";
    private const string Problems = "Problem";

    // Those that need no token; figures only where metrics.prometheus asks for one.
    private static readonly string[] Open = ["/healthz", "/readyz", "/metrics", Path];

    /// <summary>The route that serves it.</summary>
    /// <param name="routes">All other routes.</param>
    public static AdminRoute RouteOf(IReadOnlyList<AdminRoute> routes)
    {
        AdminRoute? self = null;
        self = new AdminRoute("GET", Path, "This description.", _ => Task.FromResult(
            Results.Text(Of([.. routes.Where(route => route != self), self!]).ToJsonString(), "application/json")))
        {
            MediaType = "application/json",
        };
        return self;
    }

    /// <summary>The description of routes.</summary>
    public static JsonObject Of(IEnumerable<AdminRoute> routes)
    {
        var schemas = new JsonObject { [Problems] = SchemaOf(AdminJson.Default.ProblemDocument, Problems) };
        var paths = new JsonObject();
        foreach (var route in routes)
        {
            if (paths[route.Pattern] is not JsonObject path)
                paths[route.Pattern] = path = [];
            path[route.Method.ToLowerInvariant()] = OperationOf(route, schemas);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "AkkaSocks admin API",
                ["description"] = "Any node answers for the whole cluster.",
                ["version"] = "1",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["description"] = "admin.token; for GET alone admin.read-token does.",
                    },
                },
            },
        };
    }

    private static JsonObject OperationOf(AdminRoute route, JsonObject schemas)
    {
        var parameters = new JsonArray();
        foreach (Match part in PathPart().Matches(route.Pattern))
            parameters.Add((JsonNode)ParameterOf(part.Groups[1].Value, "path", "Percent-encoded."));
        foreach (var parameter in route.Query)
            parameters.Add((JsonNode)ParameterOf(parameter.Name, "query", parameter.Meaning));
        var operation = new JsonObject
        {
            ["operationId"] = OperationIdOf(route),
            ["summary"] = route.Summary,
            ["parameters"] = parameters,
            ["responses"] = ResponsesOf(route, schemas),
            ["security"] = Open.Contains(route.Pattern) ? [] : new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
        };
        if (!route.Body.IsEmpty)
            operation["requestBody"] = BodyOf(route);
        return operation;
    }

    private static JsonObject BodyOf(AdminRoute route)
    {
        var fields = new JsonObject();
        foreach (var field in route.Body)
            fields[field.Name] = new JsonObject { ["description"] = field.Meaning };
        var schema = new JsonObject { ["type"] = "object", ["properties"] = fields, ["additionalProperties"] = false };
        return new JsonObject { ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } } };
    }

    private static JsonObject ResponsesOf(AdminRoute route, JsonObject schemas)
    {
        var responses = new JsonObject();
        foreach (var status in route.Statuses)
        {
            var response = new JsonObject { ["description"] = ReasonPhrases.GetReasonPhrase(status) };
            if (route.Answer is { } answer)
            {
                schemas[answer.Type.Name] ??= SchemaOf(answer, answer.Type.Name);
                response["content"] = ContentOf("application/json", answer.Type.Name);
            }
            else if (route.MediaType is { } mediaType)
            {
                response["content"] = new JsonObject { [mediaType] = new JsonObject() };
            }

            responses[status.ToString(CultureInfo.InvariantCulture)] = response;
        }

        responses["default"] = new JsonObject
        {
            ["description"] = "A problem (RFC 9457); its type says which.",
            ["content"] = ContentOf("application/problem+json", Problems),
        };
        return responses;
    }

    private static JsonObject ContentOf(string mediaType, string schema) => new()
    {
        [mediaType] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" } },
    };

    private static JsonObject ParameterOf(string name, string place, string meaning) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["description"] = meaning,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonNode SchemaOf(JsonTypeInfo type, string name) => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (_, schema) => schema is JsonObject found ? AsSent(found, name) : schema,
    });

    private static JsonObject AsSent(JsonObject schema, string name)
    {
        // A document that holds itself says so by a path from its own root, which is another one here.
        if ((string?)schema["$ref"] is { } reference)
            schema["$ref"] = $"#/components/schemas/{name}{reference[1..]}";

        // Numbers may be read from text too, and are never written as such.
        if (schema["type"] is JsonArray types && schema.Remove("pattern"))
        {
            foreach (var text in types.Where(it => (string?)it == "string").ToList())
                types.Remove(text);
            if (types.Count == 1)
                schema["type"] = types[0]!.DeepClone();
        }

        return schema;
    }

    private static string OperationIdOf(AdminRoute route) => route.Method.ToLowerInvariant()
        + string.Concat(Word().Matches(route.Pattern).Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathPart();

    [GeneratedRegex(@"[A-Za-z0-9]+")]
    private static partial Regex Word();
}
