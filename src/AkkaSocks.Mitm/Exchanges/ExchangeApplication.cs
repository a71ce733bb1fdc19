using System.Net;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>What happens to each request of an intercepted session: it goes to the session's origin, and what comes back to the client.
/// </summary>
/// <param name="forwarder">Joins both sides.</param>
/// <param name="headerFlushDelay">How long a body may keep its headers waiting.</param>
internal sealed class ExchangeApplication(IHttpForwarder forwarder, TimeSpan headerFlushDelay) : IHttpApplication<HttpContext>
{
    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        var session = context.Features.GetRequiredFeature<InterceptedSession>();
        var transformer = new ExchangeTransformer(session, headerFlushDelay);
        var error = await forwarder.SendAsync(context, transformer.Prefix, session.Origin, ConfigOf(session), transformer)
            .ConfigureAwait(false);
        if (error != ForwarderError.None && !context.Response.HasStarted)
            await Explain(context).ConfigureAwait(false);
    }

    // Silence is ended by the session, which sees both directions. Inside TLS the version may go down, for the sake of WebSockets: a
    // client may open one by HTTP/2 that the origin takes by HTTP/1.1 only.
    private static ForwarderRequestConfig ConfigOf(InterceptedSession session) => new()
    {
        Version = session.OriginVersion,
        VersionPolicy = session.IsTls && session.OriginVersion == HttpVersion.Version20
            ? HttpVersionPolicy.RequestVersionOrLower
            : HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = TimeSpan.FromDays(1),
    };

    private static Task Explain(HttpContext context)
    {
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        while (cause is not null and not DialRefusedException)
            cause = cause.InnerException;
        if (cause is not DialRefusedException { Refusal: var refusal })
            return Task.CompletedTask;
        context.Response.StatusCode = (int)refusal.ToHttpStatus();
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(refusal.ToLabel() + "\n");
    }
}
