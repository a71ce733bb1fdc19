using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>What all associations of the node have relayed and dropped. Counted once a batch, not once a datagram.</summary>
internal sealed class UdpMetrics
{
    private static readonly string[] Direction = ["direction"], Reason = ["reason"];

    private readonly long[] _dropped = new long[Enum.GetValues<DatagramDrop>().Length];
    private long _open, _datagramsUp, _datagramsDown, _bytesUp, _bytesDown;

    /// <summary>Declares the metrics.</summary>
    public void Declare(MetricSet metrics)
    {
        metrics.Gauge("akkasocks.udp.associations", "{association}", "UDP associations that are open.", () => Volatile.Read(ref _open));
        metrics.Counter(
            "akkasocks.udp.datagrams",
            "{datagram}",
            "Datagrams that were relayed.",
            Direction,
            () => Both(Volatile.Read(ref _datagramsUp), Volatile.Read(ref _datagramsDown)));
        metrics.Counter(
            "akkasocks.udp.bytes",
            "By",
            "Payload of the datagrams that were relayed.",
            Direction,
            () => Both(Volatile.Read(ref _bytesUp), Volatile.Read(ref _bytesDown)));
        metrics.Counter(
            "akkasocks.udp.dropped",
            "{datagram}",
            "Datagrams that were not relayed, by the reason.",
            Reason,
            () => Enumerable.Range(1, _dropped.Length - 1).Select(i => new Series(
                [((DatagramDrop)i).ToLabel()], Volatile.Read(ref _dropped[i]))));
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

    private static Series[] Both(long up, long down) => [new([ProxyMetrics.Up], up), new([ProxyMetrics.Down], down)];
}
