using System.Buffers;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// A piece of a stream on its way through a flow: pooled memory, owned by whoever holds the element, and returned by the sink.
/// A class, since a stream boxes structs. One that is lost with a failed stage is left to the garbage collector.
/// </summary>
internal sealed class Chunk
{
    /// <summary>Bytes a chunk can hold, so what a direction may hold beyond the kernel's buffers.</summary>
    public const int Capacity = 64 * 1024;

    private const int MaxPooled = 64;

    [ThreadStatic] private static Stack<Chunk>? t_pool;

    private byte[] _buffer = [];

    private Chunk()
    {
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(Start, Length);

    /// <summary>Everything the chunk can hold, to be filled; set <see cref="Length"/> afterwards.</summary>
    public Span<byte> Room => _buffer.AsSpan(0, Capacity);

    /// <summary>How many bytes there are.</summary>
    public int Length { get; set; }

    private int Start { get; set; }

    /// <summary>Takes an empty chunk from the pool.</summary>
    public static Chunk Rent()
    {
        if (t_pool is null || !t_pool.TryPop(out var chunk))
            chunk = new Chunk();
        chunk._buffer = ArrayPool<byte>.Shared.Rent(Capacity);
        chunk.Start = chunk.Length = 0;
        return chunk;
    }

    /// <summary>A chunk with a copy of <paramref name="bytes"/>, which are at most <see cref="Capacity"/>.</summary>
    public static Chunk Of(ReadOnlySpan<byte> bytes)
    {
        var chunk = Rent();
        bytes.CopyTo(chunk.Room);
        chunk.Length = bytes.Length;
        return chunk;
    }

    /// <summary>Drops bytes that were used from the front.</summary>
    public void Skip(int count)
    {
        Start += count;
        Length -= count;
    }

    /// <summary>Gives the memory back. The chunk is not used again.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        var pool = t_pool ??= new Stack<Chunk>();
        if (pool.Count < MaxPooled)
            pool.Push(this);
    }
}
