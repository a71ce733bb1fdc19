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

    /// <summary>Who changes something before there is a response.</summary>
    public IEnumerable<CompiledRule> OnRequest => Matched.Where(rule => !rule.WaitsForResponse);

    /// <summary>A body of the response may be edited, so the origin must send one that can be.</summary>
    public bool MayEditResponseBody => Matched.Any(rule => rule.Edit.Response.Replace is not null);

    /// <summary>How long the request waits.</summary>
    public TimeSpan Delay => OnRequest.Aggregate(TimeSpan.Zero, (sum, rule) => sum + rule.Edit.Delay);

    /// <summary>Who sets the pace towards the origin; null for nobody.</summary>
    public CompiledRule? Up => OnRequest.Where(rule => rule.Edit.Up is not null).MinBy(rule => rule.Edit.Up);

    /// <summary>Who refuses a response of this media type; null for nobody.</summary>
    public CompiledRule? BlockOf(string mediaType) =>
        Matched.FirstOrDefault(rule => rule is { WaitsForResponse: true, Answer: RuleAnswer.Block } && rule.MatchesResponse(mediaType));

    /// <summary>Who changes something in a response of this media type.</summary>
    public IEnumerable<CompiledRule> OnResponse(string mediaType) => Matched.Where(rule => rule.MatchesResponse(mediaType));

    /// <summary>Who sets the pace of such a response towards the client; null for nobody.</summary>
    public CompiledRule? DownOf(string mediaType) =>
        OnResponse(mediaType).Where(rule => rule.Edit.Down is not null).MinBy(rule => rule.Edit.Down);
}
