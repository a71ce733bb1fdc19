using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>
/// Opens connections along a <see cref="Route"/>: TCP connect, then the SOCKS5 handshake, one message in flight.
/// <code>
/// Connecting ─► Method ─► [Status ─►] Reply ─► Open        (without SOCKS: Connecting ─► Open)
/// </code>
/// A descriptor is registered once, edge-triggered, for both directions: as each message is answered by exactly one, no edge is
/// missed and no call is spent on changing what is waited for.
/// </summary>
internal sealed unsafe class Dialer
{
    public const uint Interest = Native.Readable | Native.Writable | Native.PeerClosed | Native.EdgeTriggered;

    private readonly Route _route;
    private readonly Native.SocketAddress* _proxy;
    private readonly Native.SocketAddress* _source;
    private readonly uint _destination;
    private readonly byte* _greeting;
    private readonly byte* _credentials;
    private readonly int _credentialsLength;
    private readonly byte* _request;
    private uint _started;
    private uint _requested;

    public Dialer(Route route)
    {
        _route = route;
        _proxy = (Native.SocketAddress*)NativeMemory.Alloc((nuint)sizeof(Native.SocketAddress));
        _source = (Native.SocketAddress*)NativeMemory.Alloc((nuint)sizeof(Native.SocketAddress));
        *_proxy = Native.Address(Number(route.Proxy.Address), route.Proxy.Port);
        *_source = Native.Address(Number(IPAddress.Loopback), 0);
        _destination = Number(route.Destination.Address);
        _greeting = Copy([5, 1, route.Credentials is null ? (byte)0 : (byte)2]);
        _request = Copy([5, 1, 0, 1, 0, 0, 0, 0, (byte)(route.Destination.Port >> 8), (byte)route.Destination.Port]);
        if (route.Credentials is { } credentials)
        {
            var user = Encoding.UTF8.GetBytes(credentials.User);
            var password = Encoding.UTF8.GetBytes(credentials.Password);
            byte[] message = [1, (byte)user.Length, .. user, (byte)password.Length, .. password];
            _credentials = Copy(message);
            _credentialsLength = message.Length;
        }
    }

    /// <summary>The last thing that went wrong, for the report.</summary>
    public string? Failure { get; private set; }

    /// <summary>Begins a connection; false when it failed at once.</summary>
    public bool Start(Connection* c, EpollSet epoll)
    {
        *c = new Connection { Fd = Native.TcpSocket(), Stage = Stage.Connecting, Started = Stopwatch.GetTimestamp() };
        if (c->Fd < 0)
        {
            return Fail(c, $"socket: error {Native.Errno}");
        }

        _source->Host = Spread(Number(IPAddress.Loopback), _started++);
        if (Native.BindWithoutPort(c->Fd, _source) < 0
            || (Native.Connect(c->Fd, _proxy) < 0 && Native.Errno != Native.InProgress))
        {
            return Fail(c, $"connect: error {Native.Errno}");
        }

        epoll.Add(c->Fd, Interest, (ulong)c);
        return true;
    }

    /// <summary>Takes one event of a connection that is not open yet. After <see cref="Step.Failed"/> its descriptor is
    /// closed.</summary>
    public Step Advance(Connection* c, uint events)
    {
        if (c->Stage == Stage.Connecting)
        {
            return (events & Native.Broken) != 0 ? Failed(c, "not accepted")
                : (events & Native.Writable) == 0 ? Step.Waiting
                : !_route.Socks ? Opened(c)
                : Say(c, _greeting, 3, Stage.Method);
        }

        if ((events & ~Native.Writable) == 0)
        {
            return Step.Waiting;
        }

        var n = Native.Receive(c->Fd, c->Inbox + c->Received, Connection.InboxSize - c->Received, 0);
        if (n <= 0)
        {
            return n < 0 && Native.Errno == Native.TryAgain
                ? Step.Waiting
                : Failed(c, n == 0 ? "closed" : $"error {Native.Errno}");
        }

        c->Received += (int)n;
        return c->Stage switch
        {
            Stage.Method => OnMethod(c),
            Stage.Status => OnStatus(c),
            _ => OnReply(c),
        };
    }

    private Step OnMethod(Connection* c)
        => c->Received < 2 ? Step.Waiting
            : c->Inbox[0] != 5 || c->Inbox[1] != _greeting[2] ? Failed(c, $"method {c->Inbox[1]}")
            : _credentials != null ? Say(c, _credentials, _credentialsLength, Stage.Status)
            : SayRequest(c);

    private Step OnStatus(Connection* c)
        => c->Received < 2 ? Step.Waiting
            : c->Inbox[1] != 0 ? Failed(c, $"status {c->Inbox[1]}")
            : SayRequest(c);

    private Step OnReply(Connection* c)
    {
        if (c->Received >= 2 && c->Inbox[1] != 0)
        {
            return Failed(c, $"reply {c->Inbox[1]}");
        }

        var length = c->Received < 4 ? int.MaxValue : c->Inbox[3] == 4 ? 22 : 10;
        return c->Received < length ? Step.Waiting : Opened(c);
    }

    private Step SayRequest(Connection* c)
    {
        *(uint*)(_request + 4) = Spread(_destination, _requested++);
        return Say(c, _request, 10, Stage.Reply);
    }

    private Step Say(Connection* c, byte* message, int length, Stage then)
    {
        c->Stage = then;
        c->Received = 0;
        return Native.Send(c->Fd, message, length, Native.NoSignal) == length
            ? Step.Waiting
            : Failed(c, $"send: error {Native.Errno}");
    }

    private static Step Opened(Connection* c)
    {
        c->Stage = Stage.Open;
        c->Received = 0;
        return Step.Opened;
    }

    private Step Failed(Connection* c, string why)
    {
        Fail(c, $"while awaiting {c->Stage}: {why}");
        return Step.Failed;
    }

    private bool Fail(Connection* c, string why)
    {
        Failure = why;
        if (c->Fd >= 0)
        {
            Native.Close(c->Fd);
        }

        c->Stage = Stage.Closed;
        return false;
    }

    /// <summary>One of the addresses from <paramref name="first"/> on, taken in turn; in network order.</summary>
    private static uint Spread(uint first, uint turn) => BinaryPrimitives.ReverseEndianness(first + (turn % Route.Spread));

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static byte* Copy(ReadOnlySpan<byte> bytes)
    {
        var copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return copy;
    }
}

/// <summary>What an event did to a connection that was opening.</summary>
internal enum Step
{
    /// <summary>More must come.</summary>
    Waiting,

    /// <summary>The stream leads to the origin.</summary>
    Opened,

    /// <summary>It failed and is closed.</summary>
    Failed,
}
