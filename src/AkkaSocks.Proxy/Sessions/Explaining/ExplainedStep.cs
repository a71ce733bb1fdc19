using System.Collections.Immutable;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Sessions.Explaining;

/// <summary>What one stage says to a request.</summary>
/// <param name="Stage">Which.</param>
/// <param name="Refusal">Why it goes no further; <see cref="Outcomes.Refusal.None"/> when it does.</param>
/// <param name="Words">What was found, in a clause. Nothing in it was sent by a client without being escaped.</param>
internal sealed record ExplainedStep(ExplainedStage Stage, Refusal Refusal, string Words)
{
    /// <summary>The key of the configuration that decides, name by name; empty where none does.</summary>
    public ImmutableArray<string> Key { get; init; } = [];

    /// <summary>The label of what refuses; null when nothing does. UDP drops datagrams for reasons that are no refusals.</summary>
    public string? Reason { get; init; } = Refusal == Refusal.None ? null : Refusal.ToLabel();

    /// <summary>It goes on.</summary>
    public static ExplainedStep Passed(ExplainedStage stage, string words, params ImmutableArray<string> key) =>
        new(stage, Refusal.None, words) { Key = key };

    /// <summary>It ends here.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="words">What was found.</param>
    /// <param name="key">What decides; empty for what <see cref="RefusalAdvice"/> names.</param>
    public static ExplainedStep Refused(ExplainedStage stage, Refusal refusal, string words, params ImmutableArray<string> key) =>
        new(stage, refusal, words) { Key = key.IsEmpty ? [.. RefusalAdvice.Of(refusal).Key?.Split('.') ?? []] : key };
}
