using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings.Hocon;

namespace AkkaSocks.Proxy.Settings;

/// <summary>
/// <c>AKKASOCKS__RELAY__IDLE_TIMEOUT=30s</c> sets <c>akkasocks.relay.idle-timeout</c>: two underscores are a dot, one is a hyphen, and
/// capitals do not matter. A name that stands in the configuration already keeps its spelling, so that the user <c>alice_b</c> can be
/// reached although an environment variable cannot spell her.
/// </summary>
internal static class EnvironmentOverrides
{
    private const string Prefix = "AKKASOCKS__";

    /// <summary>The overrides that an environment holds, in the order of their names.</summary>
    public static ImmutableArray<SettingsOverride> Of(IReadOnlyDictionary<string, string> environment, HoconObject tree) =>
    [
        .. environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => new SettingsOverride($"environment {variable.Key}", KeyOf(variable.Key, tree), variable.Value)),
    ];

    private static ImmutableArray<string> KeyOf(string variable, HoconObject tree)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        var parent = tree;
        foreach (var segment in variable.Split("__"))
        {
            var name = Canonical(segment);
            name = parent?.Members.Select(member => member.Key).FirstOrDefault(known => Canonical(known) == name) ?? name;
            names.Add(name);
            parent = parent?.Find(name) as HoconObject;
        }

        return names.ToImmutable();
    }

    private static string Canonical(string name) => name.ToLowerInvariant().Replace('_', '-');
}
