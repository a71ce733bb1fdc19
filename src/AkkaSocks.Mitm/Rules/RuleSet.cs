using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Mitm.Rules;

/// <summary>All rules. It decides, and does nothing.</summary>
internal sealed class RuleSet
{
    private readonly ImmutableArray<CompiledRule> _rules;

    private RuleSet(ImmutableArray<CompiledRule> rules) => _rules = rules;

    /// <summary>No rules.</summary>
    public static RuleSet Empty { get; } = new([]);

    /// <summary>Makes rules ready.</summary>
    public static RuleSet Of(ImmutableArray<RuleSettings> rules) =>
        rules.IsEmpty ? Empty : new RuleSet([.. rules.Select(rule => new CompiledRule(rule))]);

    /// <summary>The names of those that may be about some exchange of a user with a host, in their order.</summary>
    /// <param name="host">The host that requests name, without a port.</param>
    /// <param name="user">Who has logged in; null when nobody had to.</param>
    public IEnumerable<string> Concerning(string host, string? user) =>
        _rules.Where(rule => rule.MayMatch(host, user)).Select(rule => rule.Name);

    /// <summary>
    /// What is to be done with a request: of the rules that match and answer, the first; of those that change something, or that wait
    /// for the response, all.
    /// </summary>
    public RuleDecision Decide(in RequestFacts request)
    {
        CompiledRule? answer = null;
        ImmutableArray<CompiledRule>.Builder? matched = null;
        foreach (var rule in _rules)
        {
            if (!rule.Matches(request))
                continue;
            if (rule.Answer is not null && !rule.WaitsForResponse)
                answer ??= rule;
            if (!rule.Edit.IsEmpty || rule.WaitsForResponse)
                (matched ??= ImmutableArray.CreateBuilder<CompiledRule>()).Add(rule);
        }

        return answer is null && matched is null ? RuleDecision.Nothing : new RuleDecision(answer, matched?.ToImmutable() ?? []);
    }
}
