using AkkaSocks.Protocol;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Forwarding;

/// <summary>A request as it goes to its origin: the target's path byte for byte, everything for the proxy left out.</summary>
/// <param name="destination">The authority of the request target: what Host says, whatever the client has put there.</param>
/// <param name="path">Path and query as the client wrote them; may be empty.</param>
internal sealed class ForwardingTransformer(Destination destination, string path) : HttpTransformer
{
    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.ProxyAuthorization = null;
        proxyRequest.Headers.Remove("Proxy-Connection");
        proxyRequest.RequestUri = new Uri(
            $"http://{destination}{(path.StartsWith('/') ? path : "/" + path)}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }
}
