using AkkaSocks.Mitm.Capture;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>What is done to exchanges, ready to be used by all of them at once.</summary>
/// <param name="Rules">What the operator has written.</param>
/// <param name="Bodies">What editing a body may cost.</param>
/// <param name="Inspectors">Code of the operator's.</param>
/// <param name="Capture">Remembers them; null for nobody.</param>
internal sealed record ExchangePolicy(RuleSet Rules, BodySettings Bodies, Inspectors Inspectors, ExchangeCapture? Capture)
{
    /// <summary>Makes the settings ready.</summary>
    /// <exception cref="ExtensionUnavailableException">An inspector cannot be had.</exception>
    public static ExchangePolicy Of(ExchangeSettings settings) => new(
        RuleSet.Of(settings.Rules),
        settings.Bodies,
        new Inspectors(settings.Inspectors),
        settings.Capture.Level == CaptureLevel.Off ? null : new ExchangeCapture(settings.Capture));
}
