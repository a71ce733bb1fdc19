using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Akka.Dispatch;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// One thread that runs everything of its sessions: their actors (it is the executor of an Akka dispatcher), their sockets
/// (epoll, edge-triggered) and the bytes of their tunnels. Nothing on it may block.
/// </summary>
/// <remarks>
/// <code>
/// turn:  posted actors ─► tunnels with budget left ─► deadlines ─► epoll_wait ─► signals to owners, pumping of tunnels
/// </code>
/// Epoll tokens are generation and descriptor: an event for a descriptor that was closed and given out again by the kernel
/// meanwhile carries the old generation and is dropped.
/// </remarks>
internal sealed unsafe class EventLoop
{
    private const int MaxEvents = 256;
    private const ulong WakeToken = ulong.MaxValue;
    private const ulong ListenerBit = 1ul << 63;

    [ThreadStatic] private static EventLoop? t_current;

    private readonly int _epoll, _wake;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<IRunnable> _remote = new();
    private readonly Queue<IRunnable> _local = new();
    private readonly Queue<EpollTunnel> _unfinished = new();
    private readonly List<EpollListenSocket?> _listeners = [];
    private readonly Action<Exception> _onDefect;
    private IEpollSocket?[] _sockets = new IEpollSocket?[1024];
    private uint _generation;
    private int _sleeping;
    private volatile bool _stopping;

    /// <summary>Creates a loop; <see cref="Start"/> gives it its thread.</summary>
    /// <param name="index">0-based, for the thread's name.</param>
    /// <param name="onDefect">Told of an exception that reached the loop: always a defect. The loop goes on.</param>
    /// <exception cref="System.Net.Sockets.SocketException">No descriptors are left.</exception>
    public EventLoop(int index, Action<Exception> onDefect)
    {
        Index = index;
        _onDefect = onDefect;
        _epoll = Checked(Native.EpollCreate(Native.CloseOnExec));
        _wake = Checked(Native.EventFd(0, Native.CloseOnExec | Native.NonBlock));
        var wake = new EpollEvent { Events = Native.EpollIn, Token = WakeToken };
        Checked(Native.EpollCtl(_epoll, Native.EpollAdd, _wake, &wake));
        Deadlines = new Deadlines(static () => Deadlines.Now) { OnFirstArmed = WakeUp };
        Buffers = new TunnelBuffers();
        _thread = new Thread(Run) { IsBackground = true, Name = $"akkasocks-loop-{index}" };
    }

    /// <summary>0-based.</summary>
    public int Index { get; }

    /// <summary>Timers, driven by the loop.</summary>
    public Deadlines Deadlines { get; }

    /// <summary>What the loop's tunnels share.</summary>
    public TunnelBuffers Buffers { get; }

    /// <summary>What the loop's UDP sockets share; made when the first of them needs it.</summary>
    public DatagramBuffers Datagrams => _datagrams ??= new DatagramBuffers();

    private DatagramBuffers? _datagrams;

    /// <summary>What the loop has done so far.</summary>
    public LoopCounters Counters { get; } = new();

    /// <summary>Sockets registered now; read by any loop to balance new connections.</summary>
    public int Load => Volatile.Read(ref _load);

    private int _load;

    /// <summary>True on the loop's own thread.</summary>
    public bool IsCurrent => t_current == this;

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>
    /// Ends the thread and closes every descriptor. What is posted afterwards runs on the poster's thread. Not to be called on
    /// the loop's own thread.
    /// </summary>
    public void Stop()
    {
        _stopping = true;
        Interlocked.MemoryBarrier();
        WakeUp();
        if (_thread.IsAlive)
            _thread.Join();
        while (_local.TryDequeue(out var left))
            left.Run();
        while (_remote.TryDequeue(out var late))
            late.Run();
        foreach (var socket in _sockets)
            socket?.Close();
        foreach (var listener in _listeners)
            listener?.Close();
        Buffers.Dispose();
        _datagrams?.Dispose();
        Native.Close(_wake);
        Native.Close(_epoll);
    }

    /// <summary>Runs <paramref name="work"/> on the loop, soon and in order. From any thread; never throws.</summary>
    public void Post(IRunnable work)
    {
        if (t_current == this)
        {
            _local.Enqueue(work);
            return;
        }

        _remote.Enqueue(work);
        WakeUp();

        // A loop that has ended drains nothing any more: whoever comes later does it.
        if (_stopping && !_thread.IsAlive)
        {
            while (_remote.TryDequeue(out var late))
                late.Run();
        }
    }

    /// <summary>Lets the loop pump a tunnel again at its next turn.</summary>
    public void PumpLater(EpollTunnel tunnel) => _unfinished.Enqueue(tunnel);

    /// <summary>Adds a socket; its owner is signalled from now on. On the loop's thread.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="fd">Its descriptor.</param>
    /// <param name="events">What to be told of; always edge-triggered.</param>
    public void Register(IEpollSocket socket, int fd, uint events)
    {
        if (fd >= _sockets.Length)
            Array.Resize(ref _sockets, Math.Max(fd + 1, _sockets.Length * 2));
        socket.Generation = ++_generation & 0x7FFF_FFFF;
        _sockets[fd] = socket;
        Volatile.Write(ref _load, _load + 1);
        var interest = new EpollEvent
        {
            Events = events | Native.EpollEdge,
            Token = ((ulong)socket.Generation << 32) | (uint)fd,
        };
        Native.EpollCtl(_epoll, Native.EpollAdd, fd, &interest);
    }

    /// <summary>Forgets a socket whose descriptor is about to be closed. On the loop's thread.</summary>
    public void Unregister(IEpollSocket socket, int fd)
    {
        if (fd >= _sockets.Length || _sockets[fd] != socket)
            return;
        _sockets[fd] = null;
        Volatile.Write(ref _load, _load - 1);
    }

    /// <summary>Accepts from <paramref name="listener"/> on this loop. On the loop's thread, or before it starts.</summary>
    public void Add(EpollListenSocket listener, int fd)
    {
        var slot = _listeners.IndexOf(listener);
        if (slot < 0)
        {
            slot = _listeners.Count;
            _listeners.Add(listener);
        }

        var interest = new EpollEvent { Events = Native.EpollIn | Native.EpollExclusive, Token = ListenerBit | (uint)slot };
        Native.EpollCtl(_epoll, Native.EpollAdd, fd, &interest);
    }

    /// <summary>Stops accepting from a listener on this loop. On the loop's thread.</summary>
    public void Remove(int fd)
    {
        var none = default(EpollEvent);
        Native.EpollCtl(_epoll, Native.EpollDel, fd, &none);
    }

    private void WakeUp()
    {
        if (Volatile.Read(ref _sleeping) == 1 && Interlocked.Exchange(ref _sleeping, 0) == 1)
        {
            ulong one = 1;
            Native.Write(_wake, &one, sizeof(ulong));
        }
    }

    private void Run()
    {
        t_current = this;
        var events = stackalloc byte[MaxEvents * 16];
        while (!_stopping)
        {
            try
            {
                Counters.TurnStarted();
                Turn(events);
                Counters.TurnEnded();
            }
            catch (Exception defect)
            {
                // Actors have supervisors and tunnels know their errors: what arrives here is a bug, and must not take
                // every session of the loop with it.
                _onDefect(defect);
            }
        }

        t_current = null;
    }

    private void Turn(byte* events)
    {
        for (var posted = _local.Count; posted > 0; posted--)
            _local.Dequeue().Run();
        for (var posted = _remote.Count; posted > 0 && _remote.TryDequeue(out var work); posted--)
            work.Run();
        for (var waiting = _unfinished.Count; waiting > 0; waiting--)
            _unfinished.Dequeue().PumpAgain();
        if (!Deadlines.IsEmpty)
            Deadlines.Advance();

        var ready = Native.EpollPoll(_epoll, events, MaxEvents, 0);
        if (ready == 0 && _local.Count == 0 && _unfinished.Count == 0)
            ready = Sleep(events);
        for (var i = 0; i < ready; i++)
        {
            var happened = EpollEvent.At(events, i);
            Dispatch(happened->Events, happened->Token);
        }
    }

    private int Sleep(byte* events)
    {
        // Sleeping is announced before the queue is looked at a last time, and posting looks at it after enqueueing: one of
        // the two always sees the other.
        Interlocked.Exchange(ref _sleeping, 1);
        if (!_remote.IsEmpty || _stopping)
        {
            Volatile.Write(ref _sleeping, 0);
            return 0;
        }

        Counters.TurnEnded();
        var ready = Native.EpollWait(_epoll, events, MaxEvents, Deadlines.IsEmpty ? -1 : Deadlines.TickMilliseconds);
        Volatile.Write(ref _sleeping, 0);
        Counters.TurnStarted();
        return ready;
    }

    private void Dispatch(uint happened, ulong token)
    {
        if (token == WakeToken)
        {
            ulong count;
            Native.Read(_wake, &count, sizeof(ulong));
        }
        else if ((token & ListenerBit) != 0)
        {
            _listeners[(int)(uint)token]?.AcceptOn(this);
        }
        else
        {
            var fd = (int)(uint)token;
            if (fd < _sockets.Length && _sockets[fd] is { } socket && socket.Generation == (uint)(token >> 32))
                socket.OnEvents(happened);
        }
    }

    private static int Checked(int result) => result >= 0
        ? result
        : throw new System.Net.Sockets.SocketException((int)Native.ToSocketError(Marshal.GetLastPInvokeError()));
}
