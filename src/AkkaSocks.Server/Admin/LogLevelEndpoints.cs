using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary><c>/v1/log-level</c>: from which level on the node that is asked writes its process log.</summary>
/// <param name="level">The level by now.</param>
/// <param name="turn">Changes it.</param>
/// <param name="audit">Where changes are written down.</param>
internal sealed class LogLevelEndpoints(Func<LogLevelSetting> level, Action<LogLevelSetting> turn, AuditLog audit)
{
    private const string Field = "level";

    private static readonly string[] Levels = [.. Enum.GetNames<LogLevelSetting>().Select(name => name.ToLowerInvariant())];

    /// <summary>Its paths.</summary>
    public ImmutableArray<AdminRoute> Routes =>
    [
        new("GET", "/v1/log-level", "From which level on the node that is asked writes its log.", _ => Task.FromResult(Answer()))
        {
            Answer = AdminJson.Default.LogLevelDocument,
        },
        new("PUT", "/v1/log-level", "Changes that until the node is started again, or log.level is another after a reload.", PutAsync)
        {
            Body = [new(Field, $"{string.Join(", ", Levels)}.")], Answer = AdminJson.Default.LogLevelDocument,
        },
    ];

    private async Task<IResult> PutAsync(HttpContext context)
    {
        var (document, problem) = await JsonBody.ReadAsync(context.Request);
        using (document)
        {
            if (document is null)
                return problem!;
            var wanted = -1;
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (field.Name != Field)
                    return Problem.BadFields([new FieldProblem(field.Name, $"unknown field; known here: {Field}")]);
                wanted = Array.IndexOf(Levels, JsonBody.TextOf(field.Value));
            }

            if (wanted < 0)
                return Problem.BadFields([new FieldProblem(Field, $"expected {string.Join(", ", Levels[..^1])} or {Levels[^1]}")]);
            turn(Enum.GetValues<LogLevelSetting>()[wanted]);
            audit.Write(context, "log-level-changed", Levels[wanted]);
            return Answer();
        }
    }

    private IResult Answer() => Results.Json(new LogLevelDocument(Levels[(int)level()]), AdminJson.Default.LogLevelDocument);
}
