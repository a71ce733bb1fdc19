using System.Buffers;

namespace AkkaSocks.Proxy.Transport.Tls;

/// <summary>
/// A span as a <see cref="Memory{T}"/>, for calls that want one and are known to complete before they return. One per thread,
/// lent for the time of a call.
/// </summary>
internal sealed unsafe class BorrowedMemory : MemoryManager<byte>
{
    [ThreadStatic] private static BorrowedMemory? t_own;

    private byte* _start;
    private int _length;

    /// <summary>Lends pinned bytes until <see cref="GiveBack"/>.</summary>
    public static Memory<byte> Lend(byte* start, int length)
    {
        var own = t_own ??= new BorrowedMemory();
        own._start = start;
        own._length = length;
        return own.Memory;
    }

    /// <summary>Ends the loan: who has kept the memory finds it empty.</summary>
    public static void GiveBack()
    {
        t_own!._start = null;
        t_own._length = 0;
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_start, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // The lender has pinned it.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // It owns nothing.
    }
}
