using AkkaSocks.Mitm.Capture;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>
/// An exchange as it goes on: request target and fields as they came, but for what is for one hop alone (RFC 9110 §7.6.1), and a
/// response that begins when the origin's does.
/// </summary>
/// <param name="url">Where it goes, its path and query byte for byte.</param>
/// <param name="session">The session it happens in.</param>
/// <param name="decision">What rules change in the response.</param>
/// <param name="policy">What else is done to it.</param>
internal sealed class ExchangeTransformer(string url, InterceptedSession session, RuleDecision decision, ExchangePolicy policy)
    : HttpTransformer
{
    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        var fields = httpContext.Request.Headers;

        // The forwarder leaves it out, for the sake of sites behind a gateway; here it is the site's own.
        if (fields.TryGetValue(HeaderNames.UpgradeInsecureRequests, out var upgrade))
            proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.UpgradeInsecureRequests, (IEnumerable<string?>)upgrade);
        foreach (var name in OfThisHop(fields.Connection))
            Remove(proxyRequest, name);

        // What it announces does not come: SocketsHttpHandler sends no trailer section.
        Remove(proxyRequest, HeaderNames.Trailer);
        proxyRequest.RequestUri = new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (!await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken).ConfigureAwait(false))
            return false;
        if (proxyResponse!.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var connection))
        {
            foreach (var name in OfThisHop(connection.ToArray()))
                httpContext.Response.Headers.Remove(name);
        }

        var recording = httpContext.Features.Get<ExchangeRecording>();
        recording?.OnResponse();

        // The rules go by the type that the origin says, not by one that they have put there.
        var type = ResponseEdits.MediaType(httpContext.Response);
        if (decision.BlockOf(type) is { Answer: RuleAnswer.Block block } blocking)
        {
            await RuleAnswers.BlockAsync(httpContext, block, blocking.Name).ConfigureAwait(false);
            return false;
        }

        if (!IsTunnel(httpContext, proxyResponse))
        {
            var body = await proxyResponse.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            body = ResponseEdits.ApplyToBody(httpContext, body, type, decision, policy.Bodies);
            ResponseEdits.ApplyToFields(httpContext.Response, type, decision);
            if (await policy.Inspectors.OnResponseAsync(httpContext, body, session).ConfigureAwait(false) is not { } inspected)
                return false;
            body = recording?.Tap(inspected) ?? inspected;
            if (IsTrailed(httpContext, proxyResponse))
            {
                httpContext.Response.Headers.TransferEncoding = "chunked";
                body = new TrailedBody(body, proxyResponse.TrailingHeaders);
            }

            proxyResponse.Content = new StreamContent(new HeadFirstStream(body, httpContext.Response));
        }
        else
        {
            ResponseEdits.ApplyToFields(httpContext.Response, type, decision);
            if (recording is { NotesMessages: true } && IsWebSocket(httpContext))
                proxyResponse.Content = new TappedTunnel(proxyResponse.Content, recording);
        }

        return true;
    }

    /// <summary>The origin has announced a trailer section (RFC 9110 §6.6.2), and the client is to be sent it in chunked coding.</summary>
    private static bool IsTrailed(HttpContext context, HttpResponseMessage response) =>
        response.Headers.NonValidated.Contains(HeaderNames.Trailer)
        && HttpProtocol.IsHttp11(context.Request.Protocol)
        && !HttpMethods.IsHead(context.Request.Method)
        && context.Response.ContentLength is null
        && context.Response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    private static bool IsTunnel(HttpContext context, HttpResponseMessage response) =>
        response.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols
        || (HttpMethods.IsConnect(context.Request.Method) && response.IsSuccessStatusCode)
        || response.RequestMessage?.Method == HttpMethod.Connect;

    private static bool IsWebSocket(HttpContext context) =>
        (context.Features.Get<IHttpExtendedConnectFeature>()?.Protocol ?? context.Request.Headers.Upgrade.ToString())
            .Equals("websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>The fields that Connection names; those that carry a body over are no sender's to remove.</summary>
    private static IEnumerable<string> OfThisHop(StringValues connection) => StringValues.IsNullOrEmpty(connection)
        ? []
        : connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(name => !name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
                && !name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)
                && !name.Equals(HeaderNames.Upgrade, StringComparison.OrdinalIgnoreCase));

    private static void Remove(HttpRequestMessage request, string name)
    {
        if (!request.Headers.NonValidated.Contains(name))
        {
            if (request.Content?.Headers.NonValidated.Contains(name) == true)
                request.Content.Headers.Remove(name);
            return;
        }

        request.Headers.Remove(name);
    }
}
