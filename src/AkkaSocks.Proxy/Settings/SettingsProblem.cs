namespace AkkaSocks.Proxy.Settings;

/// <summary>One reason why a configuration is refused, told so that the reader can go to the place and mend it.</summary>
/// <param name="Source">A file as it was named, <c>environment NAME</c> or <c>option -x</c>.</param>
/// <param name="Line">The line in a file, from 1; null where there is none.</param>
/// <param name="Key">The key's full path; empty when the text could not be read so far.</param>
/// <param name="Message">What is wrong and what was expected.</param>
internal sealed record SettingsProblem(string Source, int? Line, string Key, string Message)
{
    /// <summary>The value as it stands there, shortened and printable; null when there is none or when it is a secret.</summary>
    public string? Value { get; init; }

    /// <summary><c>hocon/bad.conf:7: akkasocks.relay.idle-timeout = "fast": expected a duration such as 30s</c></summary>
    public override string ToString()
    {
        var place = Line is { } line ? $"{Source}:{line}" : Source;
        var key = Key.Length == 0 ? "" : Value is null ? $" {Key}:" : $" {Key} = {Value}:";
        return $"{place}:{key} {Message}";
    }
}
