using System.Runtime.InteropServices;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary><c>struct mmsghdr</c>: one datagram of <c>recvmmsg</c> and <c>sendmmsg</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DatagramHeader
{
    /// <summary>Address and bytes. A struct of its own, as for the kernel, for what follows it is aligned by that.</summary>
    public MessageHeader Message;

    /// <summary>Bytes received or sent.</summary>
    public uint Length;
}

/// <summary><c>struct msghdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    /// <summary>Who sent it, or where to.</summary>
    public SocketAddress* Address;

    /// <summary>Bytes of <see cref="Address"/>; the kernel changes it when receiving.</summary>
    public uint AddressLength;

    /// <summary>Where its bytes are.</summary>
    public IoVector* Vector;

    /// <summary>How many pieces that is.</summary>
    public nint VectorCount;

    /// <summary>A <see cref="SegmentLength"/>: of datagrams that are sent together, and of those that were received so; else null.</summary>
    public void* Control;

    /// <summary>Bytes of it; received, none when there is one datagram.</summary>
    public nint ControlLength;

    /// <summary>Set by the kernel.</summary>
    public int Flags;
}

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    /// <summary>The first byte.</summary>
    public byte* Start;

    /// <summary>Bytes.</summary>
    public nint Length;
}

/// <summary><c>struct cmsghdr</c> with the length of each datagram of a run: the kernel cuts apart what is sent together at it
/// (udp(7), UDP_SEGMENT), and tells it of what it has put together (UDP_GRO).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SegmentLength
{
    private const int UdpSegment = 103, HeaderLength = 16;

    private nint _length;
    private int _level;
    private int _type;
    private ulong _segment;

    /// <summary>Received: that length, an <c>int</c>; null when something else is told.</summary>
    public readonly int? OfRun => _level == Native.IpProtoUdp && _type == Native.UdpGro
        ? (int)(BitConverter.IsLittleEndian ? _segment & uint.MaxValue : _segment >> 32)
        : null;

    /// <summary>To be sent: that length, a <c>u16</c>.</summary>
    public static SegmentLength Of(int bytes) =>
        new() { _length = HeaderLength + sizeof(ushort), _level = Native.IpProtoUdp, _type = UdpSegment, _segment = Placed((ushort)bytes) };

    // The value is the first two bytes, whatever their order.
    private static ulong Placed(ushort bytes) => BitConverter.IsLittleEndian ? bytes : (ulong)bytes << 48;
}
