using System.Text;
using AkkaSocks.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>A request and its response as they pass: the target byte for byte, headers as they are, and not held back by their body.
/// </summary>
internal sealed class ExchangeTransformer(InterceptedSession session, TimeSpan headerFlushDelay) : HttpTransformer
{
    // A client's wish to its server, which YARP takes for a matter of the connection.
    private const string UpgradeInsecureRequests = "Upgrade-Insecure-Requests";

    /// <summary>Where every request of the session goes: one origin, whatever Host says.</summary>
    public string Prefix => $"{(session.IsTls ? "https" : "http")}://{session.Destination}";

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        if (httpContext.Request.Headers.TryGetValue(UpgradeInsecureRequests, out var wish))
            proxyRequest.Headers.TryAddWithoutValidation(UpgradeInsecureRequests, (IEnumerable<string?>)wish);
        var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        proxyRequest.RequestUri = new Uri(
            destinationPrefix + PathOf(target), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var goesOn = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken).ConfigureAwait(false);
        if (goesOn && proxyResponse is { Content: { } body } && !IsUpgrade(proxyResponse))
        {
            var stream = await body.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            proxyResponse.Content = new StreamContent(new UnhurriedBody(stream, httpContext.Response.Body, headerFlushDelay));
        }

        return goesOn;
    }

    private static bool IsUpgrade(HttpResponseMessage response) =>
        response.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols
        || response.RequestMessage?.Method == HttpMethod.Connect;

    // A client may write the whole URI to an origin as well (RFC 9112 §3.2.2).
    private static string PathOf(string target)
    {
        if (target.StartsWith('/'))
            return target;
        var path = HttpRequestHead.TryReadUri(Encoding.Latin1.GetBytes(target), out _, out var at) ? target[at..] : "";
        return path.StartsWith('/') ? path : "/" + path;
    }
}
