using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>Datagrams that one system call moves: buffers and headers in native memory, made once.</summary>
/// <remarks>Either each is a message of its own (<c>sendmmsg</c>), or they are sent together and taken so where the kernel has them
/// so (UDP_SEGMENT, UDP_GRO), as stacks of QUIC do.</remarks>
internal sealed unsafe class UdpBatch
{
    /// <summary>Messages of one call, and datagrams of one that are sent together.</summary>
    public const int Capacity = 32;

    private readonly bool _together;
    private readonly int _room;
    private readonly byte* _bytes;
    private readonly Native.SocketAddress* _senders =
        (Native.SocketAddress*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(Native.SocketAddress));
    private readonly Native.Piece* _pieces = (Native.Piece*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(Native.Piece));
    private readonly Native.Message* _messages = (Native.Message*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(Native.Message));
    private readonly Native.Segments* _segments = (Native.Segments*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(Native.Segments));
    private int _length;

    public UdpBatch(bool together)
    {
        _together = together;

        // No power of two that is large: the processor's caches would have all messages in the same lines.
        _room = together ? 65 * 1024 : 2048;
        _bytes = (byte*)NativeMemory.AllocZeroed(Capacity, (nuint)_room);
        for (var i = 0; i < Capacity; i++)
        {
            _pieces[i].Bytes = _bytes + (i * _room);
            _messages[i].Pieces = _pieces + i;
            _messages[i].PieceCount = 1;
        }
    }

    /// <summary>All of it the same datagram, to be sent on connected sockets.</summary>
    public static UdpBatch Of(ReadOnlySpan<byte> datagram, bool together)
    {
        var batch = new UdpBatch(together) { _length = datagram.Length };
        for (var i = 0; i < Capacity; i++)
        {
            datagram.CopyTo(new Span<byte>(together ? batch._bytes + (i * datagram.Length) : batch._pieces[i].Bytes, datagram.Length));
            batch._pieces[i].Length = datagram.Length;
        }

        return batch;
    }

    /// <summary>The datagrams of a message, as received.</summary>
    public ReadOnlySpan<byte> this[int index] => new(_pieces[index].Bytes, (int)_messages[index].Length);

    /// <summary>How long each of them is; the last may be shorter.</summary>
    public int Each(int index) =>
        _messages[index].ControlLength > 0 ? (int)_segments[index].Length : Math.Max(1, (int)_messages[index].Length);

    /// <summary>Takes what has come.</summary>
    /// <returns>How many messages.</returns>
    public int Receive(int fd)
    {
        for (var i = 0; i < Capacity; i++)
        {
            _pieces[i].Length = _room;
            _messages[i].Address = _senders + i;
            _messages[i].AddressLength = sizeof(Native.SocketAddress);
            _messages[i].Control = _together ? _segments + i : null;
            _messages[i].ControlLength = _together ? sizeof(Native.Segments) : 0;
        }

        return Math.Max(0, Native.ReceiveMany(fd, _messages, Capacity, 0, null));
    }

    /// <summary>Sends the first so many datagrams of <see cref="Of"/>.</summary>
    /// <returns>How many the kernel has taken.</returns>
    public int Send(int fd, int count)
    {
        if (!_together)
            return Math.Max(0, Native.SendMany(fd, _messages, (uint)count, Native.NoSignal));
        _pieces[0].Length = count * _length;
        Cut(0, _length);
        return Native.SendMany(fd, _messages, 1, Native.NoSignal) == 1 ? count : 0;
    }

    /// <summary>Sends the messages that were received to where they came from; what the kernel does not take is lost.</summary>
    public void SendBack(int fd, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            _pieces[i].Length = (nint)_messages[i].Length;
            if (_together)
                Cut(i, Each(i));
        }

        Native.SendMany(fd, _messages, (uint)messages, Native.NoSignal);
    }

    private void Cut(int message, int each)
    {
        _segments[message] = Native.Segments.Of(each);
        _messages[message].Control = _segments + message;
        _messages[message].ControlLength = sizeof(Native.Segments);
    }
}
