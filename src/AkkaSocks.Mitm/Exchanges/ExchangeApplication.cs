using System.Text;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>
/// What happens to each request of an intercepted session: it is judged by the rules, and forwarded to the session's origin as it came
/// but for what they change.
/// </summary>
/// <param name="forwarder">Forwards.</param>
/// <param name="now">What is done to an exchange that begins.</param>
/// <param name="figures">Counts them.</param>
internal sealed class ExchangeApplication(IHttpForwarder forwarder, Func<ExchangePolicy> now, ExchangeFigures figures)
    : IHttpApplication<HttpContext>
{
    // Silence is ended by the session, which sees both directions.
    private static readonly TimeSpan NoTimeout = TimeSpan.FromDays(1);

    private static readonly ForwarderRequestConfig Http11 = new()
    {
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = NoTimeout,
    };

    private static readonly ForwarderRequestConfig Http2 = new()
    {
        Version = System.Net.HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = NoTimeout,
    };

    // With TLS the forwarder may dial again and ask for HTTP/1.1, for a WebSocket whose origin knows none in HTTP/2 (RFC 8441).
    private static readonly ForwarderRequestConfig Http2OrLower = Http2 with
    {
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

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
        var extended = context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;
        if (RequestFraming.IsAmbiguous(context.Request)
            || (HttpMethods.IsConnect(context.Request.Method) && !extended)
            || !TryReadPath(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var path))
        {
            await OwnAnswer.RefuseAsync(context, HttpStatus.BadRequest, Refusal.MalformedMessage.ToLabel()).ConfigureAwait(false);
            return;
        }

        var policy = now();
        var decision = policy.Rules.Decide(FactsOf(context.Request, session));
        var recording = policy.Capture?.Begin(context, session, path, decision);
        context.Features.Set(recording);
        try
        {
            await CarryOutAsync(context, session, path, decision, policy).ConfigureAwait(false);
        }
        finally
        {
            recording?.End(context);
            figures.Count(context, decision);
        }
    }

    private async Task CarryOutAsync(
        HttpContext context, InterceptedSession session, string path, RuleDecision decision, ExchangePolicy policy)
    {
        await RequestEdits.DelayAsync(context, decision).ConfigureAwait(false);
        if (context.RequestAborted.IsCancellationRequested)
            return;
        RequestEdits.Apply(context, decision, policy.Bodies);
        if (decision.Answer is { Answer: not RuleAnswer.MapRemote } rule)
            await RuleAnswers.ServeAsync(context, rule, decision).ConfigureAwait(false);
        else if (!await policy.Inspectors.OnRequestAsync(context, session).ConfigureAwait(false))
            await ForwardAsync(context, session, path, decision, policy).ConfigureAwait(false);
    }

    private async Task ForwardAsync(
        HttpContext context, InterceptedSession session, string path, RuleDecision decision, ExchangePolicy policy)
    {
        var prefix = $"{(session.IsTls ? "https" : "http")}://{session.Destination}";
        var config = session.OriginVersion.Major < 2 ? Http11 : session.IsTls ? Http2OrLower : Http2;
        if (decision.Answer?.Answer is RuleAnswer.MapRemote { Origin: var remote })
        {
            prefix = remote.GetLeftPart(UriPartial.Authority);
            config = remote.Scheme == Uri.UriSchemeHttps ? Http2OrLower : Http11;
            context.Request.Headers.Host = remote.Authority;
        }

        using var origin = PromptOrigin.Of(session.Origin, context.Request);
        var transformer = new ExchangeTransformer(prefix + path, session, decision, policy);
        var error = await forwarder.SendAsync(context, prefix, origin, config, transformer).ConfigureAwait(false);
        if (error != ForwarderError.None && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            await ExplainAsync(context).ConfigureAwait(false);
    }

    private static RequestFacts FactsOf(HttpRequest request, InterceptedSession session)
    {
        var host = request.Host.Host.Trim('[', ']');
        if (host.Length == 0)
            host = session.Destination.HostName ?? session.Destination.Address!.ToString();
        var user = session.User is { } name ? Encoding.UTF8.GetString(name.Bytes) : null;
        return new RequestFacts(host, request.Path.Value ?? "/", request.Method, user);
    }

    /// <summary>The path and query of a request target, byte for byte; none for the asterisk, which names no path.</summary>
    private static bool TryReadPath(string target, out string path)
    {
        path = target;
        if (target.StartsWith('/'))
            return true;
        var bytes = Encoding.Latin1.GetBytes(target);
        if (!HttpRequestHead.TryReadUri(bytes, out _, out var start))
            return false;
        path = target[start..];
        if (!path.StartsWith('/'))
            path = "/" + path;
        return true;
    }

    private static Task ExplainAsync(HttpContext context)
    {
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        while (cause is not null and not DialRefusedException)
            cause = cause.InnerException;
        return cause is DialRefusedException { Refusal: var refusal }
            ? OwnAnswer.RefuseAsync(context, refusal.ToHttpStatus(), refusal.ToLabel())
            : OwnAnswer.RefuseAsync(context, HttpStatus.BadGateway, "origin-failed");
    }
}
