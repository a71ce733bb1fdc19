using System.Net.Sockets;
using System.Runtime.InteropServices;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Transport;

/// <summary>One datagram of a <see cref="DatagramBatch"/>.</summary>
internal struct Datagram
{
    /// <summary>Where its bytes start in the memory of the batch.</summary>
    public int Start;

    /// <summary>How many there are; 0 is a datagram as well.</summary>
    public int Length;

    /// <summary>To be sent: bytes of a header that goes before these, and is not to be counted.</summary>
    public int Header;

    /// <summary>Where that header starts, if there is one.</summary>
    public int HeaderStart;

    /// <summary>Received: who sent it. To be sent: where to.</summary>
    public DatagramAddress Address;

    /// <summary>Once sending was tried: why it failed, if it did.</summary>
    public SocketError Error;

    /// <summary>Bytes that are sent.</summary>
    public readonly int Size => Header + Length;

    /// <summary>The header stands right before the rest, or there is none.</summary>
    public readonly bool IsWhole => Header == 0 || HeaderStart + Header == Start;
}

/// <summary>
/// The datagrams that one call moves: received, judged and rewritten in their place, sent on. Lent by a <see cref="Lane"/> for the
/// time it takes, so that an association that waits holds none.
/// </summary>
/// <remarks>
/// Each place has room for the largest datagram there is, so none is ever cut; memory is only taken up by what was really
/// received. A place can also hold a run: datagrams of one length from one sender, one behind another as the kernel has put them
/// together. Before each place is room for a header, so that one can be written without moving the payload; a run shares it.
/// </remarks>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Places: what one call receives at most.</summary>
    public const int Capacity = 32;

    /// <summary>Bytes before a received datagram that a header may take.</summary>
    public const int Headroom = 64;

    /// <summary>Bytes of the largest datagram: the length field of UDP has 16 bits.</summary>
    public const int MaxDatagram = 65_535;

    // Not a power of two: places that lie 64 KiB apart would all want the same lines of the processor's caches.
    private const int Stride = (64 * 1024) + 1024 + Headroom;

    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Stride * Capacity, 4096);
    private Datagram[] _datagrams = new Datagram[Capacity];

    /// <summary>Datagrams in the batch: more than places when there are runs.</summary>
    public int Count { get; private set; }

    /// <summary>A datagram by its number, of those that are there or, to be sent, of the first <see cref="Capacity"/>.</summary>
    public ref Datagram this[int index] => ref _datagrams[index];

    /// <summary>Where what is received at this place starts.</summary>
    public static int StartOf(int place) => (place * Stride) + Headroom;

    /// <summary>Where what was received at the place of this byte starts.</summary>
    public static int PlaceStart(int start) => StartOf(start / Stride);

    /// <summary>Takes everything out.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a datagram that was received.</summary>
    public void Add(in Datagram datagram)
    {
        if (Count == _datagrams.Length)
            Array.Resize(ref _datagrams, 2 * Count);
        _datagrams[Count++] = datagram;
    }

    /// <summary>The address of a byte, for system calls.</summary>
    public byte* At(int start) => _memory + start;

    /// <summary>A datagram's bytes, without its header.</summary>
    public Span<byte> BytesOf(in Datagram datagram) => Bytes(datagram.Start, datagram.Length);

    /// <summary>Bytes of the memory.</summary>
    public Span<byte> Bytes(int start, int length) => new(_memory + start, length);

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
