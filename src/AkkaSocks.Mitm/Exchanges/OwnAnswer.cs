using AkkaSocks.Protocol;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>An answer that is the proxy's own, and says so: nobody is to take it for the origin's.</summary>
internal static class OwnAnswer
{
    /// <summary>The field that names the reason.</summary>
    public const string ReasonField = "X-AkkaSocks-Error";

    /// <summary>The status that the client got; 0 when it got none, since it had gone.</summary>
    public static int StatusOf(HttpContext context) =>
        context.Response.HasStarted || !context.RequestAborted.IsCancellationRequested ? context.Response.StatusCode : 0;

    /// <summary>Answers that the exchange comes to nothing.</summary>
    public static Task RefuseAsync(HttpContext context, HttpStatus status, string reason) => RefuseAsync(context, (int)status, reason);

    /// <summary>Answers that the exchange comes to nothing.</summary>
    /// <param name="context">Its response has not started.</param>
    /// <param name="status">The status.</param>
    /// <param name="reason">One of a closed set of words.</param>
    /// <param name="words">The same for whoever reads it; the reason unless given.</param>
    public static Task RefuseAsync(HttpContext context, int status, string reason, string? words = null)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.Headers[ReasonField] = reason;
        context.Response.Headers.CacheControl = "no-store";
        if (status == (int)HttpStatus.BadRequest && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"AkkaSocks: {words ?? reason}\n", context.RequestAborted);
    }
}
