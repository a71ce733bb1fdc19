using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AkkaSocks.Proxy.Settings.Hocon;
using AkkaSocks.Proxy.Settings.Reading;

namespace AkkaSocks.Proxy.Settings;

/// <summary>
/// Makes settings: <c>reference.conf</c> &lt; files &lt; environment &lt; command line, merged as one document, references resolved, then
/// read strictly. It throws nothing for whatever a configuration holds: every mistake is a <see cref="SettingsProblem"/>, and all are
/// told at once.
/// </summary>
internal static class SettingsLoader
{
    /// <summary>What messages call the embedded file.</summary>
    public const string ReferenceName = "reference.conf";

    /// <summary>Loads settings; false with at least one problem when they are refused.</summary>
    public static bool TryLoad(
        SettingsSources sources,
        [NotNullWhen(true)] out LoadedSettings? loaded,
        out ImmutableArray<SettingsProblem> problems)
    {
        var found = new ProblemList();
        List<string> files = [];
        loaded = Merged(sources, found, files) is { } merged ? Read(new HoconResolver(merged, found).Resolve(), sources, files, found) : null;
        problems = found.ToImmutable();
        if (problems.Length > 0)
            loaded = null;
        return loaded is not null;
    }

    /// <summary>The text of the embedded <c>reference.conf</c>.</summary>
    public static string ReferenceText()
    {
        using var stream = typeof(SettingsLoader).Assembly.GetManifestResourceStream(ReferenceName)
            ?? throw new InvalidOperationException($"{ReferenceName} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>All layers as one tree; null when a file is no HOCON and the rest would only raise false alarms.</summary>
    private static HoconObject? Merged(SettingsSources sources, ProblemList problems, List<string> files)
    {
        var context = new HoconParserContext(sources.Environment, RefuseInclude, problems);
        if (HoconParser.ParseDocument(ReferenceName, ReferenceText(), context) is not { } tree)
            return null;
        var isComplete = true;
        foreach (var file in sources.Files)
        {
            if (ConfigFile.Read(file, sources.Environment, problems, files) is { } layer)
                tree.Merge(layer);
            else
                isComplete = false;
        }

        foreach (var setting in EnvironmentOverrides.Of(sources.Environment, tree).Concat(sources.Options))
        {
            if (ValueOf(setting, context) is { } value)
                tree.Set(setting.Key.AsSpan(), value);
        }

        return isComplete ? tree : null;

        HoconObject? RefuseInclude(string name, Origin origin)
        {
            problems.Add(origin, KeyPath.Root, "include works in files only");
            return null;
        }
    }

    private static HoconNode? ValueOf(SettingsOverride setting, HoconParserContext context) =>
        setting.Value is ['[', .., ']'] or ['{', .., '}']
            ? HoconParser.ParseValue(setting.Source, new KeyPath(setting.Key), setting.Value, context)
            : new HoconText(new Origin(setting.Source, null), setting.Value, quoted: true);

    private static LoadedSettings Read(HoconObject resolved, SettingsSources sources, List<string> files, ProblemList problems)
    {
        var reading = new SettingsReading(problems, sources.Files.LastOrDefault());
        var proxy = new SettingsReader(sources.Machine, sources.PasswordProblem).Read(resolved, reading);
        var forAkka = resolved.Find("akka") is HoconObject akka ? $"akka {{\n{HoconWriter.Write(akka)}}}\n" : "";
        return new LoadedSettings(proxy, forAkka, ConfigPicture.Of(resolved), new ConfigPlaces(resolved), [.. files]);
    }
}
