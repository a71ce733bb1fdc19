using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>Datagrams that one system call moves: buffers and headers in native memory, made once.</summary>
internal sealed unsafe class UdpBatch
{
    /// <summary>Datagrams of one call.</summary>
    public const int Capacity = 32;

    private const int Room = 2048;
    private readonly byte* _bytes = (byte*)NativeMemory.AllocZeroed(Capacity, Room);
    private readonly Native.SocketAddress* _senders =
        (Native.SocketAddress*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(Native.SocketAddress));
    private readonly Native.Piece* _pieces = (Native.Piece*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(Native.Piece));
    private readonly Native.Message* _messages = (Native.Message*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(Native.Message));

    public UdpBatch()
    {
        for (var i = 0; i < Capacity; i++)
        {
            _pieces[i].Bytes = _bytes + (i * Room);
            _messages[i].Pieces = _pieces + i;
            _messages[i].PieceCount = 1;
        }
    }

    /// <summary>All of it the same datagram, to be sent on connected sockets.</summary>
    public static UdpBatch Of(ReadOnlySpan<byte> datagram)
    {
        var batch = new UdpBatch();
        for (var i = 0; i < Capacity; i++)
        {
            datagram.CopyTo(new Span<byte>(batch._pieces[i].Bytes, Room));
            batch._pieces[i].Length = datagram.Length;
        }

        return batch;
    }

    /// <summary>The datagram at a place, as received.</summary>
    public ReadOnlySpan<byte> this[int index] => new(_pieces[index].Bytes, (int)_messages[index].Length);

    /// <summary>Takes what has come.</summary>
    /// <returns>How many datagrams.</returns>
    public int Receive(int fd)
    {
        for (var i = 0; i < Capacity; i++)
        {
            _pieces[i].Length = Room;
            _messages[i].Address = _senders + i;
            _messages[i].AddressLength = sizeof(Native.SocketAddress);
        }

        return Math.Max(0, Native.ReceiveMany(fd, _messages, Capacity, 0, null));
    }

    /// <summary>Sends the first so many.</summary>
    /// <returns>How many the kernel has taken.</returns>
    public int Send(int fd, int count) => Math.Max(0, Native.SendMany(fd, _messages, (uint)count, Native.NoSignal));

    /// <summary>Sends what was received to where it came from; what the kernel does not take is lost.</summary>
    public void SendBack(int fd, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _pieces[i].Length = (nint)_messages[i].Length;
        }

        Send(fd, count);
    }
}
