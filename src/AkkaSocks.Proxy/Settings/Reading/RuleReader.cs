using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.mitm.rules</c>. What a rule leaves out, it is not about.</summary>
internal static class RuleReader
{
    private const string Example = "[{ name = no-ads, match { host = \"*.ads.example\" }, action { block { status = 403 } } }]";

    private static readonly string[] EditKeys = ["request", "response", "throttle", "delay", "redact"];

    private static readonly ValueReader<TimeSpan> Delay = DurationText.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
    private static readonly ValueReader<int> Rate = SizeText.RateBetween(1, int.MaxValue);

    /// <summary>Reads the list.</summary>
    public static ImmutableArray<RuleSettings> Read(ConfigSection mitm)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return mitm.Sections("rules", Example, rule => Rule(rule, names));
    }

    private static RuleSettings Rule(ConfigSection rule, HashSet<string> names)
    {
        var name = rule.Value<string>("name", NodeNameText.Read);
        if (name is not null && !names.Add(name))
            rule.Refuse("name", "another rule has this name");
        var match = rule.Has("match")
            ? rule.Section("match", Match)
            : new RuleMatch([], [], "", [], [], []);
        return rule.Section("action", action =>
        {
            var answer = AnswerReader.Read(action);
            var edit = Edit(action);
            if (!AnswerReader.Keys.Concat(EditKeys).Any(action.Has))
                action.Refuse($"does nothing; known here: {string.Join(", ", AnswerReader.Keys.Concat(EditKeys))}");
            if (answer is RuleAnswer.Mock or RuleAnswer.MapLocal or RuleAnswer.MapRemote && !match.ResponseTypes.IsEmpty)
                action.Refuse("answers before there is a response, so match.response-type cannot be known");
            return new RuleSettings(name ?? "", match, answer, edit);
        });
    }

    private static RuleMatch Match(ConfigSection match) => new(
        match.SomeIfAny<string>("host", "[\"*.example.com\"]", ReadGlob),
        match.SomeIfAny<string>("path", "[\"/v1/*\"]", ReadGlob),
        match.Has("path-prefix") ? match.Value<string>("path-prefix", ReadPath) : "",
        match.SomeIfAny<string>("method", "[GET, POST]", FieldText.ReadMethod),
        match.SomeIfAny<string>("user", "[\"qa-*\"]", ReadGlob),
        match.SomeIfAny<string>("response-type", "[\"text/html\"]", ReadGlob));

    private static RuleEdit Edit(ConfigSection action)
    {
        var request = action.Has("request") ? action.Section("request", Message) : new MessageEdit([], [], null);
        var response = action.Has("response") ? action.Section("response", Message) : new MessageEdit([], [], null);
        var (up, down) = action.Has("throttle") ? action.Section("throttle", Throttle) : (null, null);
        var delay = action.Has("delay") ? action.Value("delay", Delay) : TimeSpan.Zero;
        var (fields, parameters) = action.Has("redact") ? action.Section("redact", Redact) : ([], []);
        return new RuleEdit(request, response, up, down, delay, fields, parameters);
    }

    private static MessageEdit Message(ConfigSection message) => new(
        message.TextsIfAny("set", FieldText.ReadEditableName, FieldText.ReadValue),
        message.SomeIfAny<string>("remove", "[Alt-Svc]", FieldText.ReadEditableName),
        message.Has("body-replace") ? message.Section("body-replace", BodyReplaceReader.Read) : null);

    private static (int? Up, int? Down) Throttle(ConfigSection throttle)
    {
        int? up = throttle.Has("up") ? throttle.Value("up", Rate) : null;
        int? down = throttle.Has("down") ? throttle.Value("down", Rate) : null;
        if (up is null && down is null)
            throttle.Refuse("expected up or down, as in { down = 64KiB/s }");
        return (up, down);
    }

    private static (ImmutableArray<string> Fields, ImmutableArray<string> Parameters) Redact(ConfigSection redact) => (
        redact.SomeIfAny<string>("fields", "[X-Api-Key]", FieldText.ReadName),
        redact.SomeIfAny<string>("params", "[token]", ReadGlob));

    private static string? ReadGlob(string text, out string value)
    {
        value = text;
        return text.Length > 0 ? null : "text, in which * stands for any";
    }

    private static string? ReadPath(string text, out string value)
    {
        value = text;
        return text.StartsWith('/') ? null : "a path such as /assets/";
    }
}
