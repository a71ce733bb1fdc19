using AkkaSocks.Mitm.Capture;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Mitm.Rules;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Settings.Exchanges;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>What is done to exchanges, ready to be used by all of them at once. Nothing in it changes: a reload makes another one, for the
/// exchanges that begin then.</summary>
/// <param name="Rules">What the operator has written.</param>
/// <param name="Bodies">What editing a body may cost.</param>
/// <param name="Inspectors">Code of the operator's.</param>
/// <param name="Capture">Remembers them; null for nobody.</param>
internal sealed record ExchangePolicy(RuleSet Rules, BodySettings Bodies, Inspectors Inspectors, ExchangeCapture? Capture)
{
    /// <summary>Makes the settings ready, with a memory of their size.</summary>
    /// <exception cref="ExtensionUnavailableException">An inspector cannot be had.</exception>
    public static ExchangePolicy Of(ExchangeSettings settings) =>
        Of(settings, new Inspectors(settings.Inspectors), new CaptureRing(settings.Capture.Ring, settings.Capture.MemoryBudget));

    /// <summary>Makes the settings ready.</summary>
    /// <param name="settings">They.</param>
    /// <param name="inspectors">Those that they name.</param>
    /// <param name="ring">What is remembered already.</param>
    public static ExchangePolicy Of(ExchangeSettings settings, Inspectors inspectors, CaptureRing ring) => new(
        RuleSet.Of(settings.Rules),
        settings.Bodies,
        inspectors,
        settings.Capture.Level == CaptureLevel.Off ? null : new ExchangeCapture(settings.Capture, ring));
}
