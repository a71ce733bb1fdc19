using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>Answers that a rule gives instead of an origin.</summary>
internal static class RuleAnswers
{
    /// <summary>The reason of a refusal by a rule.</summary>
    public const string Blocked = "blocked-by-rule";

    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>Answers.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="rule">Whose answer it is; not one of another origin.</param>
    /// <param name="decision">What else is to be done; what the operator answers is changed as an origin's answer would be.</param>
    public static Task ServeAsync(HttpContext context, CompiledRule rule, RuleDecision decision) => rule.Answer switch
    {
        RuleAnswer.Block block => BlockAsync(context, block, rule.Name),
        RuleAnswer.Mock mock => MockAsync(context, mock, decision),
        RuleAnswer.MapLocal local => FileAsync(context, local, rule.PathPrefix, decision),
        _ => throw new InvalidOperationException($"The rule {rule.Name} does not answer."),
    };

    /// <summary>Refuses.</summary>
    public static Task BlockAsync(HttpContext context, RuleAnswer.Block block, string rule) =>
        OwnAnswer.RefuseAsync(context, block.Status, Blocked, $"blocked by the rule {rule}");

    private static Task MockAsync(HttpContext context, RuleAnswer.Mock mock, RuleDecision decision)
    {
        var response = context.Response;
        response.StatusCode = mock.Status;
        response.ContentType = mock.ContentType;
        if (mock.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
            response.ContentLength = mock.Body.Length;
        ResponseEdits.ApplyToFields(response, ResponseEdits.MediaType(response), decision);
        return HttpMethods.IsHead(context.Request.Method) || response.ContentLength is null
            ? Task.CompletedTask
            : response.Body.WriteAsync(mock.Body, context.RequestAborted).AsTask();
    }

    private static Task FileAsync(HttpContext context, RuleAnswer.MapLocal local, string prefix, RuleDecision decision)
    {
        var isHead = HttpMethods.IsHead(context.Request.Method);
        if (!isHead && !HttpMethods.IsGet(context.Request.Method))
            return OwnAnswer.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "no-such-method");
        if (LocalPath.Find(local.Directory, context.Request.Path.Value![prefix.Length..]) is not { } path)
            return OwnAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "no-such-file");
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = Types.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        response.ContentLength = new FileInfo(path).Length;
        response.Headers.CacheControl = "no-cache";
        ResponseEdits.ApplyToFields(response, ResponseEdits.MediaType(response), decision);
        return isHead ? Task.CompletedTask : response.SendFileAsync(path, context.RequestAborted);
    }
}
