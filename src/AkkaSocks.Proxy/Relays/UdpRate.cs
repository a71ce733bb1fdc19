namespace AkkaSocks.Proxy.Relays;

/// <summary>Datagrams and bytes per second, as token buckets that hold one second's worth, and at least one datagram.</summary>
internal sealed class UdpRate
{
    // A bucket smaller than the largest datagram would never let that through.
    private const int LeastBytes = 65_535;

    private readonly double _packetsPerSecond, _bytesPerSecond;
    private double _packets, _bytes;
    private long _at;

    /// <summary>Begins with full buckets.</summary>
    /// <param name="packetsPerSecond">Null for no limit.</param>
    /// <param name="bytesPerSecond">Null for no limit.</param>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    public UdpRate(int? packetsPerSecond, int? bytesPerSecond, long now)
    {
        _packetsPerSecond = _packets = packetsPerSecond ?? double.PositiveInfinity;
        _bytesPerSecond = bytesPerSecond ?? double.PositiveInfinity;
        _bytes = Math.Max(_bytesPerSecond, LeastBytes);
        _at = now;
    }

    /// <summary>Takes what a datagram costs, or nothing when there is not enough.</summary>
    /// <param name="length">Bytes of its payload.</param>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    public bool TryTake(int length, long now)
    {
        if (now > _at)
        {
            var seconds = (now - _at) / 1000.0;
            _packets = Math.Min(_packetsPerSecond, _packets + (seconds * _packetsPerSecond));
            _bytes = Math.Min(Math.Max(_bytesPerSecond, LeastBytes), _bytes + (seconds * _bytesPerSecond));
            _at = now;
        }

        if (_packets < 1 || _bytes < length)
            return false;
        _packets--;
        _bytes -= length;
        return true;
    }
}
