using AkkaSocks.Proxy.Settings.Hocon;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>One run of reading: what was asked for, and what was wrong.</summary>
/// <param name="problems">Where problems go.</param>
/// <param name="userFile">The file to name for what is nobody's line, such as a listener that does not exist; null without files.</param>
internal sealed class SettingsReading(ProblemList problems, string? userFile)
{
    private readonly HashSet<string> _asked = [];

    /// <summary>The full paths of all keys asked for, sections included.</summary>
    public IReadOnlySet<string> Asked => _asked;

    /// <summary>Notes that a key is known.</summary>
    public void Ask(KeyPath key) => _asked.Add(key.ToString());

    /// <summary>Says that something is wrong with a key.</summary>
    public void Refuse(Origin origin, KeyPath key, string message, string? value = null) =>
        problems.Add(origin.Source == SettingsLoader.ReferenceName && userFile is not null ? new Origin(userFile, null) : origin,
            key, message, value);
}
