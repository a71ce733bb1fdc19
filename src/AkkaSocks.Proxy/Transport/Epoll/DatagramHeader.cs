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

/// <summary><c>struct msghdr</c>, the bytes in a single piece.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    /// <summary>Who sent it, or where to.</summary>
    public SocketAddress* Address;

    /// <summary>Bytes of <see cref="Address"/>; the kernel changes it when receiving.</summary>
    public uint AddressLength;

    /// <summary>Where its bytes are.</summary>
    public IoVector* Vector;

    /// <summary>1.</summary>
    public nint VectorCount;

    /// <summary>None is asked for.</summary>
    public void* Control;

    /// <summary>0.</summary>
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
