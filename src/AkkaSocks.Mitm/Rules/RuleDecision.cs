using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Mitm.Rules;

/// <summary>What is to be done with one exchange.</summary>
/// <param name="Answer">Who answers instead of the origin; null for nobody.</param>
/// <param name="Matched">The rules that change something, those included that wait for the response.</param>
internal sealed record RuleDecision(CompiledRule? Answer, ImmutableArray<CompiledRule> Matched)
{
    /// <summary>Nothing is to be done.</summary>
    public static readonly RuleDecision Nothing = new(null, []);

    /// <summary>The changes that are certain before there is a response.</summary>
    public IEnumerable<RuleEdit> RequestEdits => Matched.Where(rule => !rule.WaitsForResponse).Select(rule => rule.Edit);

    /// <summary>A body of the response may be edited, so the origin must send one that can be.</summary>
    public bool MayEditResponseBody => Matched.Any(rule => rule.Edit.Response.Replace is not null);

    /// <summary>How long the request waits.</summary>
    public TimeSpan Delay => RequestEdits.Aggregate(TimeSpan.Zero, (sum, edit) => sum + edit.Delay);

    /// <summary>Bytes a second towards the origin; null for as fast as it goes.</summary>
    public int? Up => RequestEdits.Min(edit => edit.Up);

    /// <summary>Who refuses a response of this media type; null for nobody.</summary>
    public CompiledRule? BlockOf(string mediaType) =>
        Matched.FirstOrDefault(rule => rule is { WaitsForResponse: true, Answer: RuleAnswer.Block } && rule.MatchesResponse(mediaType));

    /// <summary>The changes when the response is of this media type.</summary>
    public IEnumerable<RuleEdit> EditsOf(string mediaType) =>
        Matched.Where(rule => rule.MatchesResponse(mediaType)).Select(rule => rule.Edit);
}
