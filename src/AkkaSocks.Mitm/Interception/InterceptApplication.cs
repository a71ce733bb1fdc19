using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Protocol;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaSocks.Mitm.Interception;

/// <summary>What serves the requests of intercepted sessions: a page that says why there is no origin, or the exchange with it.</summary>
internal sealed class InterceptApplication(IHttpApplication<HttpContext> exchanges) : IHttpApplication<HttpContext>
{
    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => exchanges.CreateContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception) => exchanges.DisposeContext(context, exception);

    /// <inheritdoc/>
    public Task ProcessRequestAsync(HttpContext context)
    {
        if (context.Features.Get<OriginFault>() is not { } fault)
            return exchanges.ProcessRequestAsync(context);
        context.Response.StatusCode = (int)HttpStatus.BadGateway;
        context.Response.Headers[OwnAnswer.ReasonField] = fault.Reason;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"AkkaSocks: {fault.Text}\n", context.RequestAborted);
    }
}
