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

    /// <summary>1, or as many as there are datagrams sent together.</summary>
    public nint VectorCount;

    /// <summary>A <see cref="SegmentLength"/> of datagrams that are sent together; else null.</summary>
    public void* Control;

    /// <summary>Bytes of it.</summary>
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

/// <summary><c>struct cmsghdr</c> with the length at which the kernel cuts datagrams apart that were sent together (udp(7),
/// UDP_SEGMENT).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SegmentLength
{
    private const int Udp = 17, UdpSegment = 103, HeaderLength = 16;

    private nint _length;
    private int _level;
    private int _type;
    private ulong _segment;

    /// <summary>That length.</summary>
    public static SegmentLength Of(int bytes) =>
        new() { _length = HeaderLength + sizeof(ushort), _level = Udp, _type = UdpSegment, _segment = Placed((ushort)bytes) };

    // The value is the first two bytes, whatever their order.
    private static ulong Placed(ushort bytes) => BitConverter.IsLittleEndian ? bytes : (ulong)bytes << 48;
}
