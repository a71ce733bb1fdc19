using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Settings.Exchanges;
using AkkaSocks.Proxy.Telemetry.Figures;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>Exchanges that were looked into, counted by what became of them.</summary>
internal sealed class ExchangeFigures
{
    private static readonly string[] Statuses = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];
    private static readonly string[] Actions = ["none", "block", "mock", "map-local", "map-remote"];

    private readonly long[,] _ended = new long[Statuses.Length, Actions.Length];

    /// <summary>An exchange is over.</summary>
    /// <param name="context">It.</param>
    /// <param name="decision">What the rules said of it.</param>
    public void Count(HttpContext context, RuleDecision decision)
    {
        var status = OwnAnswer.StatusOf(context) / 100;
        Interlocked.Increment(ref _ended[status < Statuses.Length ? status : 0, ActionOf(context, decision)]);
    }

    /// <summary>Declares the metric.</summary>
    public void Declare(MetricSet metrics) => metrics.Counter(
        "akkasocks.mitm.exchanges",
        "{exchange}",
        "HTTP exchanges that were looked into and are over, by the class of the status that the client got and by how a rule answered.",
        ["status", "action"],
        () => Statuses.SelectMany((status, i) => Actions.Select(
            (action, j) => new Series([status, action], Volatile.Read(ref _ended[i, j])))));

    private static int ActionOf(HttpContext context, RuleDecision decision) => decision.Answer?.Answer switch
    {
        RuleAnswer.Block => 1,
        RuleAnswer.Mock => 2,
        RuleAnswer.MapLocal => 3,
        RuleAnswer.MapRemote => 4,

        // By the media type of the response, which was not known when the rules were asked.
        _ => context.Response.Headers[OwnAnswer.ReasonField] == RuleAnswers.Blocked ? 1 : 0,
    };
}
