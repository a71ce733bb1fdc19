using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Settings.Exchanges;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Capture;

/// <summary>Remembers exchanges as the settings say.</summary>
/// <param name="settings">They; not off.</param>
/// <param name="ring">Where.</param>
internal sealed class ExchangeCapture(CaptureSettings settings, CaptureRing ring)
{
    private readonly Redaction _redaction = new(settings.RedactFields, settings.RedactParameters);

    /// <summary>What is remembered.</summary>
    public CaptureRing Ring => ring;

    /// <summary>Bytes of each body that are remembered.</summary>
    public int BodyLimit => settings.Level == CaptureLevel.Bodies ? settings.BodyLimit : 0;

    /// <summary>Begins to remember an exchange, before anything in its request was changed.</summary>
    public ExchangeRecording Begin(HttpContext context, InterceptedSession session, string path, RuleDecision decision)
    {
        var rules = decision.Matched.Where(rule => !rule.Edit.RedactFields.IsEmpty || !rule.Edit.RedactParameters.IsEmpty).ToList();
        var redaction = rules.Count == 0
            ? _redaction
            : new Redaction(
                settings.RedactFields.Concat(rules.SelectMany(rule => rule.Edit.RedactFields)),
                settings.RedactParameters.Concat(rules.SelectMany(rule => rule.Edit.RedactParameters)));
        var recording = new ExchangeRecording(this, redaction, context, session, path, decision);
        recording.OnEdit(rules, Edited.Redaction);
        return recording;
    }
}
