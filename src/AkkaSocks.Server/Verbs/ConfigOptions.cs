using System.Collections;
using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Verbs;

/// <summary>How verbs come to settings: <c>-c</c>, the environment, this machine.</summary>
internal static class ConfigOptions
{
    /// <summary><c>-c FILE</c>, as often as wanted.</summary>
    public static Option<string[]> Files() => new("-c", "--config")
    {
        HelpName = "FILE",
        Description = "A configuration file; may be given several times, the last one wins. Without any, hocon/local.conf: loopback only.",
    };

    /// <summary>Loads settings; false with at least one problem when they are refused.</summary>
    public static bool TryLoad(
        string[]? files,
        ImmutableArray<SettingsOverride> options,
        [NotNullWhen(true)] out LoadedSettings? loaded,
        out ImmutableArray<SettingsProblem> problems) => SettingsLoader.TryLoad(
        new SettingsSources
        {
            Files = files is { Length: > 0 } ? [.. files] : [Path.Combine(AppContext.BaseDirectory, "hocon", "local.conf")],
            Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? ""),
            Options = options,
            Machine = Machine.Current(),
            PasswordProblem = phc => PasswordHash.TryParse(phc, out _, out var reason) ? null : reason,
        },
        out loaded,
        out problems);
}
