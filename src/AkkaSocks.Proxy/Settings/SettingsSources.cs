using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings;

/// <summary>Everything that settings are made of, beside the embedded <c>reference.conf</c>; later parts win.</summary>
internal sealed record SettingsSources
{
    /// <summary>The files, the last one winning.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>The environment: <c>${NAME}</c> in files, and <c>AKKASOCKS__…</c> over files.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>What the command line sets, over everything else.</summary>
    public required ImmutableArray<SettingsOverride> Options { get; init; }

    /// <summary>What <c>auto</c> is derived from.</summary>
    public required Machine Machine { get; init; }

    /// <summary>Says what is wrong with a password's PHC string; null when nothing is. Passed in because Auth knows Settings, not
    /// the other way round.</summary>
    public required Func<string, string?> PasswordProblem { get; init; }
}

/// <summary>One key set outside of files.</summary>
/// <param name="Source">Who sets it, for messages: <c>option -p</c>, <c>environment AKKASOCKS__LOG__LEVEL</c>.</param>
/// <param name="Key">The names from the root to the key.</param>
/// <param name="Value">Text as it is, or HOCON between <c>[</c> and <c>]</c> or <c>{</c> and <c>}</c>.</param>
internal sealed record SettingsOverride(string Source, ImmutableArray<string> Key, string Value);
