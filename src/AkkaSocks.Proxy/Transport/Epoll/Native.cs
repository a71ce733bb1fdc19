using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// The system calls of the event loops: all of them, and nothing but them. Return values are the kernel's; a negative one has
/// its cause in <see cref="Errno"/>, to be read at once.
/// </summary>
/// <remarks>
/// Calls that never wait suppress the GC transition, which is half of what a P/Invoke costs. <c>epoll_wait</c> with a timeout
/// must not, or a collection would wait for it. The runtime ignores SIGPIPE, so <c>splice</c> to a closed socket is EPIPE.
/// </remarks>
internal static unsafe partial class Native
{
    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "socket", SetLastError = true), SuppressGCTransition]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(C, EntryPoint = "accept4", SetLastError = true), SuppressGCTransition]
    public static partial int Accept4(int fd, SocketAddress* address, int* length, int flags);

    [LibraryImport(C, EntryPoint = "connect", SetLastError = true), SuppressGCTransition]
    public static partial int Connect(int fd, SocketAddress* address, int length);

    [LibraryImport(C, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int fd, SocketAddress* address, int length);

    [LibraryImport(C, EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int fd, int backlog);

    [LibraryImport(C, EntryPoint = "getsockname", SetLastError = true), SuppressGCTransition]
    public static partial int GetSockName(int fd, SocketAddress* address, int* length);

    [LibraryImport(C, EntryPoint = "setsockopt", SetLastError = true), SuppressGCTransition]
    public static partial int SetSockOpt(int fd, int level, int option, void* value, int length);

    [LibraryImport(C, EntryPoint = "getsockopt", SetLastError = true), SuppressGCTransition]
    public static partial int GetSockOpt(int fd, int level, int option, void* value, int* length);

    [LibraryImport(C, EntryPoint = "shutdown", SetLastError = true), SuppressGCTransition]
    public static partial int Shutdown(int fd, int how);

    [LibraryImport(C, EntryPoint = "close", SetLastError = true), SuppressGCTransition]
    public static partial int Close(int fd);

    [LibraryImport(C, EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetRLimit(int resource, ulong* softAndHard);

    [LibraryImport(C, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(C, EntryPoint = "epoll_ctl", SetLastError = true), SuppressGCTransition]
    public static partial int EpollCtl(int epoll, int operation, int fd, EpollEvent* @event);

    /// <summary>Waits; lets collections go on meanwhile.</summary>
    [LibraryImport(C, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int count, int timeoutMilliseconds);

    /// <summary>The same with a timeout of 0: never waits.</summary>
    [LibraryImport(C, EntryPoint = "epoll_wait", SetLastError = true), SuppressGCTransition]
    public static partial int EpollPoll(int epoll, byte* events, int count, int zero);

    [LibraryImport(C, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(C, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe2(int* ends, int flags);

    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int FCntl(int fd, int command, nint argument);

    [LibraryImport(C, EntryPoint = "read", SetLastError = true), SuppressGCTransition]
    public static partial nint Read(int fd, void* buffer, nint length);

    [LibraryImport(C, EntryPoint = "write", SetLastError = true), SuppressGCTransition]
    public static partial nint Write(int fd, void* buffer, nint length);

    [LibraryImport(C, EntryPoint = "recv", SetLastError = true), SuppressGCTransition]
    public static partial nint Recv(int fd, void* buffer, nint length, int flags);

    [LibraryImport(C, EntryPoint = "send", SetLastError = true), SuppressGCTransition]
    public static partial nint Send(int fd, void* buffer, nint length, int flags);

    /// <summary>Up to 32 datagrams are copied in the call, and when sending over loopback delivered as well: a collection may
    /// go on meanwhile.</summary>
    [LibraryImport(C, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int RecvMMsg(int fd, DatagramHeader* datagrams, uint count, int flags, void* timeout);

    /// <inheritdoc cref="RecvMMsg"/>
    [LibraryImport(C, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMMsg(int fd, DatagramHeader* datagrams, uint count, int flags);

    [LibraryImport(C, EntryPoint = "splice", SetLastError = true)]
    public static partial nint Splice(int from, long* fromOffset, int to, long* toOffset, nint length, uint flags);

    /// <summary>RLIMIT_NOFILE: one more than the highest descriptor this process can have.</summary>
    public static ulong OpenFilesLimit()
    {
        var limit = stackalloc ulong[2];
        return GetRLimit(OpenFiles, limit) == 0 ? limit[0] : ulong.MaxValue;
    }

    /// <summary>The cause of the call before.</summary>
    public static int Errno => Marshal.GetLastPInvokeError();

    public const int EIntr = 4, EAgain = 11, ENoMem = 12, EInval = 22, ENFile = 23, EMFile = 24, ENoBufs = 105, EInProgress = 115;

    public const uint EpollIn = 0x1, EpollOut = 0x4, EpollErr = 0x8, EpollHup = 0x10, EpollRdHup = 0x2000;
    public const uint EpollExclusive = 1u << 28, EpollEdge = 1u << 31;
    public const int EpollAdd = 1, EpollDel = 2;

    public const int Stream = 1, DatagramType = 2, NonBlock = 0x800, CloseOnExec = 0x80000;
    public const int ShutWrite = 1, ShutBoth = 2, NoSignal = 0x4000, DontWait = 0x40;
    public const int SolSocket = 1, SoReuseAddr = 2, SoError = 4, SoSendBuffer = 7, SoReceiveBuffer = 8, SoKeepAlive = 9, SoLinger = 13;
    public const int IpProtoTcp = 6, TcpNoDelay = 1, TcpKeepIdle = 4, TcpKeepInterval = 5, TcpKeepCount = 6;
    public const int IpProtoIPv6 = 41, IPv6Only = 26;
    public const int IpProtoUdp = 17, UdpGro = 104;
    public const int SetPipeSize = 1031;
    private const int OpenFiles = 7;
    public const uint SpliceMove = 1, SpliceNonBlock = 2;

    /// <summary>The portable name of an errno value; what has none is <see cref="SocketError.SocketError"/>.</summary>
    public static SocketError ToSocketError(int errno) => errno switch
    {
        0 => SocketError.Success,
        1 or 13 => SocketError.AccessDenied,
        EIntr => SocketError.Interrupted,
        EAgain => SocketError.WouldBlock,
        ENoMem or ENoBufs => SocketError.NoBufferSpaceAvailable,
        EInval => SocketError.InvalidArgument,
        ENFile or EMFile => SocketError.TooManyOpenSockets,
        32 => SocketError.Shutdown,
        90 => SocketError.MessageSize,
        92 => SocketError.ProtocolOption,
        97 => SocketError.AddressFamilyNotSupported,
        98 => SocketError.AddressAlreadyInUse,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        EInProgress => SocketError.InProgress,
        _ => SocketError.SocketError,
    };

    /// <summary>Sets an integer option; the options set this way cannot fail on a good descriptor.</summary>
    public static void SetOption(int fd, int level, int option, int value) => SetSockOpt(fd, level, option, &value, sizeof(int));
}
