using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AkkaSocks.Server.Verbs;

/// <summary>The options of <c>user add</c> and <c>user set</c> for a user's fields. What is not given is not sent.</summary>
internal sealed class UserFields
{
    private readonly Option<string> _maxSessions = new("--max-sessions")
    {
        HelpName = "N", Description = "Sessions at once in the whole cluster, or none for no limit.",
    };

    private readonly Option<string> _commands = new("--commands")
    {
        HelpName = "LIST", Description = "Commands the user may use, such as connect,udp-associate, or all.",
    };

    private readonly Option<string> _expiresAt = new("--expires-at")
    {
        HelpName = "TIME", Description = "When the user can no longer log in, such as 2030-12-31T23:59:59Z, or never.",
    };

    private readonly Option<string[]> _groups = new("--group")
    {
        HelpName = "GROUP", Description = "A group of the user; may be given several times.",
    };

    private readonly Option<string[]> _labels = new("--label")
    {
        HelpName = "NAME=TEXT", Description = "A label; may be given several times.",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command verb)
    {
        _maxSessions.Validators.Add(result =>
        {
            if (ReadLimit(result.GetValueOrDefault<string>() ?? "") is null)
                result.AddError("--max-sessions expects a whole number or none");
        });
        _labels.Validators.Add(result =>
        {
            if (result.Tokens.Any(label => !label.Value.Contains('=')))
                result.AddError("--label expects NAME=TEXT");
        });
        verb.Add(_maxSessions);
        verb.Add(_commands);
        verb.Add(_expiresAt);
        verb.Add(_groups);
        verb.Add(_labels);
    }

    /// <summary>The fields that were given.</summary>
    public JsonObject Of(ParseResult parsed)
    {
        var fields = new JsonObject();
        if (parsed.GetValue(_maxSessions) is { } limit)
            fields["maxSessions"] = ReadLimit(limit) is > 0 and var count ? count : null;
        if (parsed.GetValue(_commands) is { } commands)
            fields["commands"] = commands == "all" ? null : new JsonArray([.. commands.Split(',').Select(word => (JsonNode)word.Trim())]);
        if (parsed.GetValue(_expiresAt) is { } time)
            fields["expiresAt"] = time == "never" ? null : time;
        if (parsed.GetValue(_groups) is { Length: > 0 } groups)
            fields["groups"] = new JsonArray([.. groups.Select(group => (JsonNode)group)]);
        if (parsed.GetValue(_labels) is { Length: > 0 } labels)
        {
            fields["labels"] = new JsonObject(labels.Select(label => label.Split('=', 2))
                .GroupBy(label => label[0], label => label[1])
                .Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Last())));
        }

        return fields;
    }

    // 0 stands for none: nobody can ask for a limit of 0, since a user without sessions is a disabled one.
    private static int? ReadLimit(string text) =>
        text == "none" ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit
        : null;
}
