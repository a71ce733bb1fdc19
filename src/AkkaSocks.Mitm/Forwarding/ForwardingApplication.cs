using System.Security.Cryptography;
using System.Text;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Forwarding;

/// <summary>What happens to each request of a conversation: it proves who sends it, names its destination, and is forwarded; looked into
/// where that destination is in scope.</summary>
/// <param name="forwarder">Forwards.</param>
/// <param name="exchanges">What looks into those in scope; null where nothing does.</param>
internal sealed class ForwardingApplication(IHttpForwarder forwarder, IHttpApplication<HttpContext>? exchanges)
    : IHttpApplication<HttpContext>
{
    // Silence is ended by the session, which sees both directions.
    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = TimeSpan.FromDays(1),
    };

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception) =>
        context.Features.Get<HttpConversation>()?.Answered(context.Response.StatusCode);

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        var conversation = context.Features.GetRequiredFeature<HttpConversation>();
        var target = Encoding.Latin1.GetBytes(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (HttpMethods.IsConnect(context.Request.Method) || RequestFraming.IsAmbiguous(context.Request)
            || !HttpRequestHead.TryReadUri(target, out var destination, out var path))
        {
            await Answer(context, HttpStatus.BadRequest, Refusal.MalformedMessage).ConfigureAwait(false);
        }
        else if (!Proves(context.Request, conversation.Proof.Span))
        {
            await Answer(context, HttpStatus.ProxyAuthenticationRequired, Refusal.None).ConfigureAwait(false);
        }
        else if (exchanges is not null && context.Features.Get<ForwardedExchanges>()?.SessionOf(destination) is { } session)
        {
            ForgetProxy(context.Request.Headers, destination);
            context.Features.Set(session);
            await exchanges.ProcessRequestAsync(context).ConfigureAwait(false);
        }
        else
        {
            var origins = context.Features.GetRequiredFeature<OriginClient>();
            var transformer = new ForwardingTransformer(destination, Encoding.Latin1.GetString(target.AsSpan(path)));
            var error = await forwarder.SendAsync(context, $"http://{destination}/", origins.Invoker, Config, transformer)
                .ConfigureAwait(false);
            if (error != ForwarderError.None)
                await Explain(context).ConfigureAwait(false);
        }
    }

    /// <summary>What is for the proxy is nobody's to see behind it, and Host is the authority of the request target.</summary>
    private static void ForgetProxy(IHeaderDictionary fields, Destination destination)
    {
        fields.Remove("Proxy-Connection");
        fields.ProxyAuthorization = default;
        fields.Host = new Uri($"http://{destination}/").Authority;
    }

    private static bool Proves(HttpRequest request, ReadOnlySpan<byte> proof)
    {
        if (proof.IsEmpty)
            return true;
        var said = SHA256.HashData(Encoding.Latin1.GetBytes(request.Headers.ProxyAuthorization.ToString()));
        return CryptographicOperations.FixedTimeEquals(said, proof);
    }

    private static Task Explain(HttpContext context)
    {
        if (context.Response.HasStarted)
            return Task.CompletedTask;
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        while (cause is not null and not DialRefusedException)
            cause = cause.InnerException;
        return cause is DialRefusedException { Refusal: var refusal }
            ? Answer(context, refusal.ToHttpStatus(), refusal)
            : Task.CompletedTask;
    }

    private static Task Answer(HttpContext context, HttpStatus status, Refusal reason)
    {
        context.Response.StatusCode = (int)status;
        if (status == HttpStatus.ProxyAuthenticationRequired)
            context.Response.Headers.ProxyAuthenticate = "Basic realm=\"akkasocks\", charset=\"UTF-8\"";
        if (status is HttpStatus.BadRequest or HttpStatus.ProxyAuthenticationRequired)
            context.Response.Headers.Connection = "close";
        context.Response.ContentType = "text/plain";
        return reason == Refusal.None ? Task.CompletedTask : context.Response.WriteAsync(reason.ToLabel() + "\n");
    }
}
