using AkkaSocks.Mitm.Bodies;
using AkkaSocks.Mitm.Capture;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>What rules change in a response before it goes on.</summary>
internal static class ResponseEdits
{
    /// <summary>The media type that a response says it has, without parameters; empty when it says none.</summary>
    public static string MediaType(HttpResponse response)
    {
        var type = response.ContentType ?? "";
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim();
    }

    /// <summary>Carries out the changes to the fields.</summary>
    public static void ApplyToFields(HttpResponse response, string mediaType, RuleDecision decision)
    {
        var recording = response.HttpContext.Features.Get<ExchangeRecording>();
        foreach (var rule in decision.OnResponse(mediaType).Where(rule => rule.Edit.Response.ChangesFields))
        {
            FieldEdits.Apply(rule.Edit.Response, response.Headers);
            recording?.OnEdit([rule], Edited.ResponseFields);
        }
    }

    /// <summary>Puts the changes to the body into its way.</summary>
    /// <param name="context">The exchange; the origin's fields have been copied.</param>
    /// <param name="body">The origin's body.</param>
    /// <param name="mediaType">What it is.</param>
    /// <param name="decision">What is to be done.</param>
    /// <param name="bodies">What that may cost.</param>
    public static Stream ApplyToBody(HttpContext context, Stream body, string mediaType, RuleDecision decision, BodySettings bodies)
    {
        var recording = context.Features.Get<ExchangeRecording>();
        var rules = decision.OnResponse(mediaType).Where(rule => rule.Edit.Response.Replace is not null).ToList();
        var replaces = rules.ConvertAll(rule => rule.Edit.Response.Replace!);
        var fields = context.Response.Headers;
        if (replaces.Count > 0
            && context.Response.StatusCode is not (StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified)
            && EditedBody.TryOpen(body, fields.ContentEncoding, replaces, bodies) is { } edited)
        {
            FieldEdits.ForgetBody(fields);
            fields.Remove(HeaderNames.ContentEncoding);

            // The answer to HEAD has no body that could be edited, and says what GET would.
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                body = edited;
                recording?.OnEdit(rules, Edited.ResponseBody);
            }
        }

        if (decision.DownOf(mediaType) is not { Edit.Down: { } rate } slowest)
            return body;
        recording?.OnEdit([slowest], Edited.ResponsePace);
        return new ThrottledStream(body, rate);
    }
}
