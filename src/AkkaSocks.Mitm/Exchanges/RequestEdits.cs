using AkkaSocks.Mitm.Bodies;
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

    /// <summary>Carries the changes out.</summary>
    public static void Apply(HttpContext context, RuleDecision decision, BodySettings bodies)
    {
        if (decision.Matched.IsEmpty)
            return;
        var request = context.Request;
        foreach (var edit in decision.RequestEdits)
            FieldEdits.Apply(edit.Request, request.Headers);
        if (decision.MayEditResponseBody)
            AskForEditableBody(request.Headers);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
            return;
        ReplaceBody(request, [.. decision.RequestEdits.Select(edit => edit.Request.Replace).OfType<BodyReplace>()], bodies);
        if (decision.Up is { } rate)
            request.Body = new ThrottledStream(request.Body, rate);
    }

    private static void ReplaceBody(HttpRequest request, IReadOnlyList<BodyReplace> replaces, BodySettings bodies)
    {
        if (replaces.Count == 0
            || EditedBody.TryOpen(request.Body, request.Headers.ContentEncoding, replaces, bodies) is not { } edited)
            return;
        request.Body = edited;
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
