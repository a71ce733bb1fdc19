using System.Text.RegularExpressions;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>
/// What stands between <c>${</c> and <c>}</c> when it means the environment: <c>${NAME}</c>, <c>${?NAME}</c> or
/// <c>${NAME:-text}</c>. A name in capitals is the environment's; anything else is the path of another key, as in plain HOCON.
/// </summary>
/// <param name="Name">The variable.</param>
/// <param name="IsOptional"><c>${?NAME}</c>: when it is not set, the whole assignment is left out.</param>
/// <param name="Otherwise">What <c>:-</c> gives when the variable is not set or empty, as in a shell; null without.</param>
internal sealed partial record EnvironmentReference(string Name, bool IsOptional, string? Otherwise)
{
    /// <summary>Reads it; null when it is the path of a key.</summary>
    public static EnvironmentReference? Parse(string body)
    {
        var match = Pattern().Match(body);
        return match.Success
            ? new(match.Groups["name"].Value, match.Groups["optional"].Success,
                match.Groups["otherwise"] is { Success: true } otherwise ? otherwise.Value : null)
            : null;
    }

    /// <summary>The text it stands for; null when there is none.</summary>
    public string? Value(IReadOnlyDictionary<string, string> environment)
    {
        var value = environment.GetValueOrDefault(Name);
        return Otherwise is not null && string.IsNullOrEmpty(value) ? Otherwise : value;
    }

    [GeneratedRegex(@"^(?<optional>\?)?(?<name>[A-Z_][A-Z0-9_]*)(:-(?<otherwise>.*))?$", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
