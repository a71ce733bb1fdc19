using AkkaSocks.Mitm.Bodies;
using AkkaSocks.Mitm.Capture;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>What rules change in a request before it goes on.</summary>
internal static class RequestEdits
{
    // Not deflate, which can be undone as well: some origins mean another format by it, and browsers guess.
    private static readonly string[] Decodable = ["gzip", "x-gzip", "br", "identity"];

    /// <summary>Has it wait as long as rules say; at most until the client is gone.</summary>
    public static async Task DelayAsync(HttpContext context, RuleDecision decision)
    {
        if (decision.Delay is var delay && delay == TimeSpan.Zero)
            return;
        context.Features.Get<ExchangeRecording>()?.OnEdit(decision.OnRequest.Where(rule => rule.Edit.Delay > TimeSpan.Zero), Edited.Delay);
        await Task.Delay(delay, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Carries the other changes out.</summary>
    public static void Apply(HttpContext context, RuleDecision decision, BodySettings bodies)
    {
        if (decision.Matched.IsEmpty)
            return;
        var (request, recording) = (context.Request, context.Features.Get<ExchangeRecording>());
        foreach (var rule in decision.OnRequest.Where(rule => rule.Edit.Request.ChangesFields))
        {
            FieldEdits.Apply(rule.Edit.Request, request.Headers);
            recording?.OnEdit([rule], Edited.RequestFields);
        }

        if (decision.MayEditResponseBody)
            AskForEditableBody(request.Headers);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
            return;
        ReplaceBody(request, recording, [.. decision.OnRequest.Where(rule => rule.Edit.Request.Replace is not null)], bodies);
        if (decision.Up is { Edit.Up: { } rate } slowest)
        {
            request.Body = new ThrottledStream(request.Body, rate);
            recording?.OnEdit([slowest], Edited.RequestPace);
        }
    }

    private static void ReplaceBody(
        HttpRequest request, ExchangeRecording? recording, IReadOnlyList<CompiledRule> rules, BodySettings bodies)
    {
        IReadOnlyList<BodyReplace> replaces = [.. rules.Select(rule => rule.Edit.Request.Replace!)];
        if (replaces.Count == 0
            || EditedBody.TryOpen(request.Body, request.Headers.ContentEncoding, replaces, bodies) is not { } edited)
            return;
        request.Body = edited;
        recording?.OnEdit(rules, Edited.RequestBody);
        FieldEdits.ForgetBody(request.Headers);
        request.Headers.Remove(HeaderNames.ContentEncoding);
    }

    /// <summary>All of it, in a coding that can be undone: half a body cannot be edited, and one that is not understood neither.</summary>
    private static void AskForEditableBody(IHeaderDictionary fields)
    {
        fields.Remove(HeaderNames.Range);
        fields.Remove(HeaderNames.IfRange);
        if (fields.AcceptEncoding.Count == 0)
            return;
        var codings = fields.AcceptEncoding
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(coding => Decodable.Contains(coding.Split(';')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase));
        var kept = string.Join(", ", codings);
        fields.AcceptEncoding = kept.Length == 0 ? "identity" : kept;
    }
}
