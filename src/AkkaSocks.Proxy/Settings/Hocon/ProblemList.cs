using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>All that was found wrong, in the order found: an operator mends everything in one go.</summary>
internal sealed class ProblemList
{
    private readonly List<SettingsProblem> _problems = [];
    private readonly HashSet<SettingsProblem> _mistakes = [];

    /// <summary>What was found so far.</summary>
    public ImmutableArray<SettingsProblem> ToImmutable() => [.. _problems];

    /// <summary>Adds a problem, once: every listener inherits <c>listener-defaults</c>, and a mistake in there is still one
    /// mistake, although its key has as many paths.</summary>
    public void Add(Origin origin, KeyPath key, string message, string? value = null)
    {
        var problem = new SettingsProblem(origin.Source, origin.Line, key.ToString(), message) { Value = value };
        if (_mistakes.Add(problem with { Key = key.Names.LastOrDefault() ?? "" }))
            _problems.Add(problem);
    }
}
