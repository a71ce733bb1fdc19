using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>
/// The destination of all measurements: one thread, one epoll, a table of native structs indexed by descriptor, no allocation per
/// connection. It says <c>ready</c> on standard output when it listens and runs until killed.
/// <code>
/// accepted ─► request read ─┬► Echo: bytes back until the client closes
///                           ├► EchoOnce: request back, close
///                           ├► Source: pattern out while writable
///                           └► Sink, Check: bytes in
/// </code>
/// </summary>
internal sealed unsafe class Origin
{
    private const int Table = 20_000;
    private readonly EpollSet _epoll = new();
    private readonly Peer* _peers = (Peer*)NativeMemory.AllocZeroed(Table, (nuint)sizeof(Peer));
    private readonly byte* _scratch = (byte*)NativeMemory.Alloc(Pattern.Chunk);
    private readonly int _listener;

    private Origin(int port) => _listener = Native.Listen(port);

    /// <summary>Listens on every loopback address at <paramref name="port"/>; never returns.</summary>
    public static void Run(int port)
    {
        var origin = new Origin(port);
        Console.WriteLine("ready");
        origin.Loop();
    }

    private void Loop()
    {
        _epoll.Add(_listener, Native.Readable, (ulong)_listener);
        while (true)
        {
            var count = _epoll.Wait(-1);
            for (var i = 0; i < count; i++)
            {
                var fd = (int)_epoll[i].Tag;
                if (fd == _listener)
                {
                    AcceptAll();
                }
                else if (!Advance(fd, &_peers[fd], _epoll[i].Events))
                {
                    Native.Close(fd);
                }
            }
        }
    }

    private void AcceptAll()
    {
        for (var i = 0; i < 64; i++)
        {
            var fd = Native.Accept(_listener);
            if (fd < 0)
            {
                return;
            }

            if (fd >= Table)
            {
                Native.Close(fd);
                continue;
            }

            _peers[fd] = default;
            _epoll.Add(fd, Native.Readable | Native.PeerClosed, (ulong)fd);
        }
    }

    /// <summary>False: this connection is over.</summary>
    private bool Advance(int fd, Peer* peer, uint events) => peer->Request.Verb switch
    {
        OriginVerb.None => ReadRequest(fd, peer),
        // The clients keep one echo in flight and close after its answer: with the FIN here nothing is left to read.
        OriginVerb.Echo => (events & (Native.PeerClosed | Native.Broken)) == 0 && Echo(fd),
        OriginVerb.Source => (events & (Native.PeerClosed | Native.Broken)) == 0 && Fill(fd, peer),
        // Nothing is written to the scratch memory, so more may be dropped at once than it holds.
        OriginVerb.Sink => Native.Receive(fd, _scratch, 4 * Pattern.Chunk, Native.Discard) is var n && (n > 0 || WouldBlock(n)),
        OriginVerb.Check => Compare(fd, peer),
        _ => false,
    };

    private bool ReadRequest(int fd, Peer* peer)
    {
        var n = Native.Receive(fd, (byte*)&peer->Incoming + peer->Received, OriginRequest.Size - peer->Received, 0);
        if (n <= 0)
        {
            return WouldBlock(n);
        }

        peer->Received += (int)n;
        if (peer->Received < OriginRequest.Size)
        {
            return true;
        }

        peer->Request = peer->Incoming;
        switch (peer->Request.Verb)
        {
            case OriginVerb.Echo:
                return Answer(fd, &peer->Request);
            case OriginVerb.EchoOnce:
                Answer(fd, &peer->Request);
                return false;
            case OriginVerb.Source:
                _epoll.Modify(fd, Native.Writable | Native.PeerClosed, (ulong)fd);
                return true;
            case OriginVerb.Sink or OriginVerb.Check:
                return true;
            default:
                return false;
        }
    }

    private bool Echo(int fd)
    {
        var n = Native.Receive(fd, _scratch, Pattern.Chunk, 0);
        return n > 0 ? Native.Send(fd, _scratch, n, Native.NoSignal) == n : WouldBlock(n);
    }

    private bool Fill(int fd, Peer* peer)
    {
        var count = (nint)Math.Min(peer->Request.Length - peer->Position, Pattern.Chunk);
        var n = Native.Send(fd, Pattern.At(peer->Position), count, Native.NoSignal);
        if (n < 0)
        {
            return WouldBlock(n);
        }

        peer->Position += n;
        if (peer->Position == peer->Request.Length)
        {
            _epoll.Modify(fd, Native.PeerClosed, (ulong)fd);
        }

        return true;
    }

    private bool Compare(int fd, Peer* peer)
    {
        var n = Native.Receive(fd, _scratch, Pattern.Chunk, 0);
        if (n <= 0)
        {
            return WouldBlock(n);
        }

        peer->Right += peer->Right == peer->Position && Pattern.Matches(_scratch, peer->Position, n) ? n : 0;
        peer->Position += n;
        if (peer->Position < peer->Request.Length)
        {
            return true;
        }

        var verdict = new OriginRequest(OriginVerb.Check, peer->Right);
        return Answer(fd, &verdict);
    }

    private static bool Answer(int fd, OriginRequest* answer)
        => Native.Send(fd, answer, OriginRequest.Size, Native.NoSignal) == OriginRequest.Size;

    private static bool WouldBlock(nint result) => result < 0 && Native.Errno == Native.TryAgain;

    /// <summary>One accepted connection.</summary>
    private struct Peer
    {
        public OriginRequest Incoming;
        public OriginRequest Request;
        public int Received;
        public long Position;
        public long Right;
    }
}
