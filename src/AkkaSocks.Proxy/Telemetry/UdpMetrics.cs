using System.Diagnostics.Metrics;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>What all associations of the node have relayed and dropped. Counted once a batch, not once a datagram.</summary>
internal sealed class UdpMetrics
{
    private static readonly KeyValuePair<string, object?> Up = new("direction", "client-to-destination");
    private static readonly KeyValuePair<string, object?> Down = new("direction", "destination-to-client");

    private readonly long[] _dropped = new long[Enum.GetValues<DatagramDrop>().Length];
    private long _open, _datagramsUp, _datagramsDown, _bytesUp, _bytesDown;

    /// <summary>Creates the instruments.</summary>
    public UdpMetrics(Meter meter)
    {
        meter.CreateObservableGauge("akkasocks.udp.associations", () => Volatile.Read(ref _open), "{association}");
        meter.CreateObservableCounter(
            "akkasocks.udp.datagrams", () => Both(Volatile.Read(ref _datagramsUp), Volatile.Read(ref _datagramsDown)), "{datagram}");
        meter.CreateObservableCounter(
            "akkasocks.udp.bytes", () => Both(Volatile.Read(ref _bytesUp), Volatile.Read(ref _bytesDown)), "By");
        meter.CreateObservableCounter(
            "akkasocks.udp.dropped",
            () => Enumerable.Range(1, _dropped.Length - 1).Select(i => new Measurement<long>(
                Volatile.Read(ref _dropped[i]), new KeyValuePair<string, object?>("reason", ((DatagramDrop)i).ToLabel()))),
            "{datagram}");
    }

    /// <summary>An association was opened.</summary>
    public void Opened() => Interlocked.Increment(ref _open);

    /// <summary>An association is over.</summary>
    public void Closed() => Interlocked.Decrement(ref _open);

    /// <summary>Datagrams were sent on to destinations.</summary>
    /// <param name="datagrams">How many.</param>
    /// <param name="bytes">Bytes of their payload.</param>
    public void SentUp(int datagrams, long bytes)
    {
        Interlocked.Add(ref _datagramsUp, datagrams);
        Interlocked.Add(ref _bytesUp, bytes);
    }

    /// <summary>Datagrams were sent on to a client.</summary>
    /// <param name="datagrams">How many.</param>
    /// <param name="bytes">Bytes of their payload.</param>
    public void SentDown(int datagrams, long bytes)
    {
        Interlocked.Add(ref _datagramsDown, datagrams);
        Interlocked.Add(ref _bytesDown, bytes);
    }

    /// <summary>A datagram was dropped.</summary>
    public void Dropped(DatagramDrop reason) => Interlocked.Increment(ref _dropped[(int)reason]);

    /// <summary>Datagrams dropped for a reason so far.</summary>
    public long DroppedFor(DatagramDrop reason) => Volatile.Read(ref _dropped[(int)reason]);

    private static Measurement<long>[] Both(long up, long down) => [new(up, Up), new(down, Down)];
}
