using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>TLS in front of listeners. Handshakes that fail are refusals (tls-failed, too-many-tls-handshakes).</summary>
internal sealed class TlsFigures
{
    private long _tls12, _tls13;

    /// <summary>A handshake was completed.</summary>
    /// <param name="isTls13">Of TLS 1.3; else of 1.2.</param>
    public void Secured(bool isTls13) => Interlocked.Increment(ref isTls13 ? ref _tls13 : ref _tls12);

    /// <summary>Declares the metrics.</summary>
    /// <param name="metrics">Where.</param>
    /// <param name="pending">How many handshakes are under way.</param>
    public void Declare(MetricSet metrics, Func<int> pending)
    {
        metrics.Counter(
            "akkasocks.tls.handshakes",
            "{handshake}",
            "TLS handshakes that were completed; those that failed are sessions refused for tls-failed.",
            ["version"],
            () => [new Series(["1.2"], Volatile.Read(ref _tls12)), new Series(["1.3"], Volatile.Read(ref _tls13))]);
        metrics.Gauge(
            "akkasocks.tls.pending", "{handshake}", "TLS handshakes that hold a place of limits.max-tls-handshakes.", () => pending());
    }
}
