using Akka.Event;
using AkkaSocks.Mitm.Extensions;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Settings.Exchanges;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>
/// What is done to exchanges now. Each goes by what holds when it begins, to its end; so a rule that is added holds for the next request of
/// a connection that has been open for long.
/// </summary>
internal sealed class CurrentPolicy
{
    private readonly CaptureRing _ring;
    private ExchangePolicy _now;

    /// <summary>Makes the settings of the start ready.</summary>
    /// <exception cref="ExtensionUnavailableException">An inspector cannot be had.</exception>
    public CurrentPolicy(ExchangeSettings settings)
    {
        _ring = new CaptureRing(
            settings.Capture.Ring, settings.Capture.MemoryBudget, CaptureRing.IdsBefore(DateTimeOffset.UtcNow));
        _now = ExchangePolicy.Of(settings, new Inspectors(settings.Inspectors), _ring);
    }

    /// <summary>What holds for an exchange that begins.</summary>
    public ExchangePolicy Now => Volatile.Read(ref _now);

    /// <summary>Declares the figures of what is remembered.</summary>
    public void Declare(MetricSet metrics) => _ring.Declare(metrics);

    /// <summary>Says where it is told that an inspector has thrown; before the first exchange.</summary>
    public void Open(ILoggingAdapter log) => Now.Inspectors.Log = log;

    /// <summary>Makes other settings ready. What is remembered stays, as far as they let it; inspectors that they name as well stay, too.
    /// </summary>
    /// <returns>Has exchanges that begin from then on go by them; cannot fail.</returns>
    /// <exception cref="ExtensionUnavailableException">An inspector cannot be had.</exception>
    public Action Prepare(ExchangeSettings settings)
    {
        var next = ExchangePolicy.Of(settings, Now.Inspectors.Next(settings.Inspectors), _ring);
        return () =>
        {
            Volatile.Write(ref _now, next);
            if (next.Capture is null)
                _ring.Limit(0, 0);
            else
                _ring.Limit(settings.Capture.Ring, settings.Capture.MemoryBudget);
        };
    }
}
