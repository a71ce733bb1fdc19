using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Capture;

/// <summary>Remembers exchanges as the settings say.</summary>
/// <param name="settings">They; not off.</param>
internal sealed class ExchangeCapture(CaptureSettings settings)
{
    private readonly Redaction _redaction = new(settings.RedactFields, settings.RedactParameters);

    /// <summary>What is remembered.</summary>
    public CaptureRing Ring { get; } = new(settings.Ring, settings.MemoryBudget);

    /// <summary>Bytes of each body that are remembered.</summary>
    public int BodyLimit => settings.Level == CaptureLevel.Bodies ? settings.BodyLimit : 0;

    /// <summary>Begins to remember an exchange, before anything in its request was changed.</summary>
    public ExchangeRecording Begin(HttpContext context, InterceptedSession session, string path, RuleDecision decision)
    {
        var edits = decision.Matched.Select(rule => rule.Edit).ToList();
        var redaction = edits.TrueForAll(edit => edit.RedactFields.IsEmpty && edit.RedactParameters.IsEmpty)
            ? _redaction
            : new Redaction(
                settings.RedactFields.Concat(edits.SelectMany(edit => edit.RedactFields)),
                settings.RedactParameters.Concat(edits.SelectMany(edit => edit.RedactParameters)));
        return new ExchangeRecording(this, redaction, context, session, path, decision);
    }
}
