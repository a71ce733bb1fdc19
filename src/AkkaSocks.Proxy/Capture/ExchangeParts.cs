namespace AkkaSocks.Proxy.Capture;

/// <summary>A part of the bytes of an exchange (<see cref="ExchangeBytes"/>).</summary>
/// <param name="Total">Bytes of the whole; 0 when the node does not remember such an exchange.</param>
/// <param name="Bytes">Those from the place on that was asked for.</param>
internal sealed record ExchangePart(int Total, ReadOnlyMemory<byte> Bytes);

/// <summary>Gives away what a ring remembers, part by part. For several threads.</summary>
/// <param name="ring">The ring; null when there is none.</param>
internal sealed class ExchangeParts(Func<CaptureRing?> ring)
{
    /// <summary>Half the frame of 128,000 bytes that remoting would drop without a word.</summary>
    public const int MostBytes = 64_000;

    // Whoever asks for a part asks for the next one soon, and rarely for that of another exchange in between.
    private (CapturedExchange Exchange, WeakReference<byte[]> Bytes)? _last;

    private readonly Lock _turn = new();

    /// <summary>A part of an exchange.</summary>
    /// <param name="id">Which exchange.</param>
    /// <param name="from">From which byte on.</param>
    /// <param name="most">Bytes at most.</param>
    public ExchangePart Of(long id, int from, int most)
    {
        if (ring()?.Find(id) is not { } exchange)
            return new ExchangePart(0, default);
        var bytes = BytesOf(exchange);
        return new ExchangePart(bytes.Length, from >= bytes.Length ? default : bytes.AsMemory(from, Math.Min(most, bytes.Length - from)));
    }

    private byte[] BytesOf(CapturedExchange exchange)
    {
        lock (_turn)
        {
            if (_last is { } last && last.Exchange == exchange && last.Bytes.TryGetTarget(out var known))
                return known;
            var bytes = ExchangeBytes.Write(exchange);
            _last = (exchange, new WeakReference<byte[]>(bytes));
            return bytes;
        }
    }
}
