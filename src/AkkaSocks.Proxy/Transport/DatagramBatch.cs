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

    /// <summary>How many of these are header, and not to be counted.</summary>
    public int Header;

    /// <summary>Received: who sent it. To be sent: where to.</summary>
    public DatagramAddress Address;

    /// <summary>Once sending was tried: why it failed, if it did.</summary>
    public SocketError Error;
}

/// <summary>
/// The datagrams that one call moves: received, judged and rewritten in their place, sent on. Lent by a <see cref="Lane"/> for the
/// time it takes, so that an association that waits holds none.
/// </summary>
/// <remarks>
/// Each place has room for the largest datagram there is, so none is ever cut; memory is only taken up by what was really
/// received. Before each place is room for a header, so that one can be written without moving the payload.
/// </remarks>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Datagrams that one call moves at most.</summary>
    public const int Capacity = 32;

    /// <summary>Bytes before a received datagram that a header may take.</summary>
    public const int Headroom = 64;

    /// <summary>Bytes of the largest datagram: the length field of UDP has 16 bits.</summary>
    public const int MaxDatagram = 65_535;

    // Not a power of two: places that lie 64 KiB apart would all want the same lines of the processor's caches.
    private const int Stride = (64 * 1024) + 1024 + Headroom;

    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Stride * Capacity, 4096);
    private readonly Datagram[] _datagrams = new Datagram[Capacity];

    /// <summary>Datagrams in the batch: the first so many places.</summary>
    public int Count { get; set; }

    /// <summary>The datagram at a place.</summary>
    public ref Datagram this[int index] => ref _datagrams[index];

    /// <summary>Where a datagram that is received at this place starts.</summary>
    public static int StartOf(int index) => (index * Stride) + Headroom;

    /// <summary>The address of a byte, for system calls.</summary>
    public byte* At(int start) => _memory + start;

    /// <summary>A datagram's bytes.</summary>
    public Span<byte> BytesOf(in Datagram datagram) => Bytes(datagram.Start, datagram.Length);

    /// <summary>Bytes of the memory.</summary>
    public Span<byte> Bytes(int start, int length) => new(_memory + start, length);

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
