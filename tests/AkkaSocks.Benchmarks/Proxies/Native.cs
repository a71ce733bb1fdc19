using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>
/// The system calls of the load generator and the origin. They bypass <c>System.Net.Sockets</c> because a generator that costs
/// more than the proxy measures itself. Calls that cannot block skip the runtime's GC transition; <see cref="EpollWait"/> can
/// block and does not. The layouts are those of Linux on x64 (<see cref="EpollEvent"/> is packed there and nowhere else).
/// </summary>
internal static unsafe partial class Native
{
    public const int TryAgain = 11;
    public const int InProgress = 115;

    public const uint Readable = 0x001;
    public const uint Writable = 0x004;
    public const uint Failed = 0x008;
    public const uint Broken = Failed | 0x010;
    public const uint PeerClosed = 0x2000;
    public const uint EdgeTriggered = 0x80000000;

    public const int EpollAdd = 1;
    public const int EpollModify = 3;

    public const int NoSignal = 0x4000;

    /// <summary>MSG_TRUNC: on TCP the kernel drops the bytes instead of copying them.</summary>
    public const int Discard = 0x20;

    public const int SignalTerminate = 15;

    private const string C = "libc";
    private const int InternetFamily = 2;
    private const int StreamNonBlockingCloseOnExec = 1 | 0x800 | 0x80000;
    private const int SocketLevel = 1;
    private const int TcpLevel = 6;
    private const int UdpLevel = 17;
    private const int UdpSegment = 103;
    private const int UdpGro = 104;
    private const int IpLevel = 0;
    private const int ReuseAddress = 2;
    private const int NoDelayOption = 1;
    private const int BindAddressNoPort = 24;
    private const int CloseOnExec = 0x80000;
    private const int ParentDeathSignal = 1;
    private const int SignalKill = 9;

    /// <summary>The error of the last failed call on this thread.</summary>
    public static int Errno => Marshal.GetLastPInvokeError();

    /// <summary>An IPv4 socket address; <paramref name="address"/> in host order.</summary>
    public static SocketAddress Address(uint address, int port) => new()
    {
        Family = InternetFamily,
        Port = BinaryPrimitives.ReverseEndianness((ushort)port),
        Host = BinaryPrimitives.ReverseEndianness(address),
    };

    /// <summary>A TCP socket that never blocks, or a negative number.</summary>
    public static int TcpSocket() => socket(InternetFamily, StreamNonBlockingCloseOnExec, 0);

    /// <summary>Listens on every local address. Accepted sockets inherit TCP_NODELAY, which saves a call for each.</summary>
    public static int Listen(int port)
    {
        var fd = Check(TcpSocket(), "socket");
        SetOption(fd, SocketLevel, ReuseAddress);
        SetOption(fd, TcpLevel, NoDelayOption);
        var any = Address(0, port);
        Check(bind(fd, &any, sizeof(SocketAddress)), $"bind to port {port}");
        Check(listen(fd, 4096), "listen");
        return fd;
    }

    /// <summary>Binds the address but leaves the port to connect, so that ports are unique per connection and not per
    /// address.</summary>
    public static int BindWithoutPort(int fd, SocketAddress* address)
    {
        SetOption(fd, IpLevel, BindAddressNoPort);
        return bind(fd, address, sizeof(SocketAddress));
    }

    /// <summary>Datagrams that came together are received so.</summary>
    public static void ReceiveTogether(int fd) => SetOption(fd, UdpLevel, UdpGro);

    public static void NoDelay(int fd) => SetOption(fd, TcpLevel, NoDelayOption);

    public static int Connect(int fd, SocketAddress* address) => connect(fd, address, sizeof(SocketAddress));

    public static int Accept(int listener) => accept4(listener, null, null, 0x800 | CloseOnExec);

    public static int EpollCreate() => Check(epoll_create1(CloseOnExec), "epoll_create1");

    public static void EpollControl(int epoll, int operation, int fd, uint events, ulong tag)
    {
        var e = new EpollEvent { Events = events, Tag = tag };
        epoll_ctl(epoll, operation, fd, &e);
    }

    /// <summary>Pauses this thread; nothing else to do is the caller's claim.</summary>
    public static void Pause(int milliseconds) => poll(null, 0, milliseconds);

    /// <summary>Asks the kernel to end this process with its parent, so that an interrupted benchmark leaves nothing
    /// behind.</summary>
    public static void EndWithParent() => prctl(ParentDeathSignal, SignalKill, 0, 0, 0);

    private static void SetOption(int fd, int level, int option)
    {
        var on = 1;
        setsockopt(fd, level, option, &on, sizeof(int));
    }

    private static int Check(int result, string call)
        => result >= 0 ? result : throw new InvalidOperationException($"{call}: error {Errno}");

    [LibraryImport(C, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, EpollEvent* events, int capacity, int milliseconds);

    [LibraryImport(C, EntryPoint = "send", SetLastError = true), SuppressGCTransition]
    public static partial nint Send(int fd, void* bytes, nint count, int flags);

    [LibraryImport(C, EntryPoint = "recv", SetLastError = true), SuppressGCTransition]
    public static partial nint Receive(int fd, void* bytes, nint count, int flags);

    [LibraryImport(C, EntryPoint = "recvmmsg", SetLastError = true), SuppressGCTransition]
    public static partial int ReceiveMany(int fd, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport(C, EntryPoint = "sendmmsg", SetLastError = true), SuppressGCTransition]
    public static partial int SendMany(int fd, Message* messages, uint count, int flags);

    [LibraryImport(C, EntryPoint = "close", SetLastError = true), SuppressGCTransition]
    public static partial int Close(int fd);

    [LibraryImport(C, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport(C, SetLastError = true), SuppressGCTransition]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport(C, SetLastError = true), SuppressGCTransition]
    private static partial int setsockopt(int fd, int level, int option, void* value, int length);

    [LibraryImport(C, SetLastError = true), SuppressGCTransition]
    private static partial int bind(int fd, SocketAddress* address, int length);

    [LibraryImport(C, SetLastError = true)]
    private static partial int listen(int fd, int backlog);

    [LibraryImport(C, SetLastError = true), SuppressGCTransition]
    private static partial int connect(int fd, SocketAddress* address, int length);

    [LibraryImport(C, SetLastError = true), SuppressGCTransition]
    private static partial int accept4(int fd, void* address, void* length, int flags);

    [LibraryImport(C, SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport(C, SetLastError = true), SuppressGCTransition]
    private static partial int epoll_ctl(int epoll, int operation, int fd, EpollEvent* e);

    [LibraryImport(C)]
    private static partial int poll(void* descriptors, nuint count, int milliseconds);

    [LibraryImport(C)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    /// <summary><c>struct epoll_event</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct EpollEvent
    {
        public uint Events;
        public ulong Tag;
    }

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Piece
    {
        public byte* Bytes;
        public nint Length;
    }

    /// <summary><c>struct mmsghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public SocketAddress* Address;
        public long AddressLength;
        public Piece* Pieces;
        public nint PieceCount;
        public void* Control;
        public nint ControlLength;
        public long Flags;
        public ulong Length;
    }

    /// <summary><c>struct cmsghdr</c> with the length at which datagrams are cut, a <c>u16</c> when sending and an <c>int</c> when
    /// receiving; the machine is little-endian.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Segments
    {
        private nint _size;
        private int _level;
        private int _type;

        /// <summary>That length.</summary>
        public ulong Length { readonly get; private set; }

        public static Segments Of(int each)
            => new() { _size = 16 + sizeof(ushort), _level = UdpLevel, _type = UdpSegment, Length = (ulong)each };
    }

    /// <summary><c>struct sockaddr_in</c>; port and host in network order.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SocketAddress
    {
        public ushort Family;
        public ushort Port;
        public uint Host;
        public ulong Zero;
    }
}
