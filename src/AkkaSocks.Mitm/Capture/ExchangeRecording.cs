using System.Collections.Immutable;
using System.Diagnostics;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Outcomes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Capture;

/// <summary>One exchange while it lasts.</summary>
internal sealed class ExchangeRecording
{
    // Of a game that sends sixty a second, a quarter of a minute.
    private const int MaxMessages = 1000;

    // Whoever has more rules for one exchange than that sees the first.
    private const int MaxEdits = 32;

    private readonly ExchangeCapture _capture;
    private readonly Redaction _redaction;
    private readonly InterceptedSession _session;
    private readonly RuleDecision _decision;
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly string _method, _host, _url, _version;
    private readonly string? _contentType, _contentEncoding;
    private readonly ImmutableArray<KeyValuePair<string, string>> _fields;
    private readonly List<CapturedMessage> _messages = [];
    private readonly List<CapturedEdit> _edits = [];
    private TapStream? _request, _response;
    private bool _isUnreadable;
    private TimeSpan? _firstByte;

    /// <summary>Notes the request, and taps its body.</summary>
    public ExchangeRecording(
        ExchangeCapture capture,
        Redaction redaction,
        HttpContext context,
        InterceptedSession session,
        string path,
        RuleDecision decision)
    {
        (_capture, _redaction, _session, _decision) = (capture, redaction, session, decision);
        var request = context.Request;
        _method = request.Method;
        _host = request.Host.HasValue ? request.Host.Host : session.Destination.HostName ?? session.Destination.Address!.ToString();
        var authority = request.Host.HasValue ? request.Host.Value : session.Destination.ToString();
        _url = $"{(session.IsTls ? "https" : "http")}://{authority}{redaction.OfTarget(path)}";
        _version = request.Protocol;
        _fields = redaction.Of(request.Headers);
        (_contentType, _contentEncoding) = (request.ContentType, request.Headers.ContentEncoding);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
            request.Body = _request = new TapStream(request.Body, capture.BodyLimit);
    }

    /// <summary>The origin's head has come.</summary>
    public void OnResponse() => _firstByte = Stopwatch.GetElapsedTime(_begun);

    /// <summary>Rules have changed something.</summary>
    public void OnEdit(IEnumerable<CompiledRule> rules, Edited what) =>
        _edits.AddRange(rules.Take(MaxEdits - _edits.Count).Select(rule => new CapturedEdit(rule.Name, KebabCase.Of(what.ToString()))));

    /// <summary>Taps the body of the response as it goes to the client.</summary>
    public Stream Tap(Stream body) => _response = new TapStream(body, _capture.BodyLimit);

    /// <summary>Messages of a WebSocket are to be noted.</summary>
    public bool NotesMessages => _capture.BodyLimit > 0;

    /// <summary>Notes the messages of one direction.</summary>
    public MessageReader Messages(bool fromClient) => new(fromClient, _capture.BodyLimit, message =>
    {
        lock (_messages)
        {
            if (_messages.Count < MaxMessages)
                _messages.Add(message);
        }
    });

    /// <summary>What was to be messages cannot be read.</summary>
    public void OnUnreadable() => _isUnreadable = true;

    /// <summary>It is over: remembers it.</summary>
    public void End(HttpContext context)
    {
        var response = context.Response;
        _capture.Ring.Add(new CapturedExchange
        {
            Session = _session.Session,
            User = _session.User?.ToString(),
            Client = _session.Client.ToString(),
            Started = _started,
            Duration = Stopwatch.GetElapsedTime(_begun),
            FirstByte = _firstByte,
            Method = _method,
            Host = _host,
            Url = _url,
            Version = _version,
            RequestFields = _fields,
            RequestBody = Redacted(_request, _contentType, _contentEncoding),
            Status = OwnAnswer.StatusOf(context),
            ResponseFields = _redaction.Of(response.Headers),
            ResponseBody = Redacted(_response, response.ContentType, response.Headers.ContentEncoding),
            Messages = MessagesSoFar(),
            Rule = _decision.Answer?.Name,
            Edits = [.. _edits],
            Error = ErrorOf(context) ?? (_isUnreadable ? "unreadable-messages" : null),
        });
    }

    private ImmutableArray<CapturedMessage> MessagesSoFar()
    {
        lock (_messages)
            return [.. _messages];
    }

    private static string? ErrorOf(HttpContext context) =>
        context.Response.Headers[OwnAnswer.ReasonField] is [{ } reason, ..] ? reason
        : context.Features.Get<InspectorFault>() is { } fault ? $"inspector-failed: {fault.Inspector.Name}: {fault.Defect.GetType().Name}"
        : context.Features.Get<IForwarderErrorFeature>() is { Error: var error } ? KebabCase.Of(error.ToString())
        : null;

    private CapturedBody Redacted(TapStream? tap, string? contentType, string? contentEncoding)
    {
        if (tap?.Captured is not { } body)
            return new CapturedBody(0, default);
        return body with { Head = _redaction.OfBody(body.Head, contentType, contentEncoding) };
    }
}
