using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>
/// Connections per second: as many at a time as asked, each opened, one 16-byte exchange with the origin, closed; the next takes
/// its place.
/// <code>
/// Dialer's stages ─► Open ─► Answer ─► End ─► closed, counted        (client-ends: Answer ─► closed, counted)
/// </code>
/// Keys: concurrency, warm (connections before counting), seconds or connections, held (sessions open meanwhile), client-ends.
/// </summary>
internal sealed unsafe class RateLoad(LoadArguments arguments)
{
    private readonly EpollSet _epoll = new();
    private readonly Latencies _latencies = new();
    private readonly bool _clientEnds = arguments.Count("client-ends", 0) != 0;
    private readonly int _concurrency = arguments.Count("concurrency", 64);
    private readonly Connection* _connections =
        (Connection*)NativeMemory.AllocZeroed((nuint)arguments.Count("concurrency", 64), (nuint)sizeof(Connection));

    private Dialer _dialer = null!;
    private long _left;
    private long _done;
    private long _failed;
    private int _active;
    private long _deadline;
    private string? _failure;

    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        var held = new Sessions(arguments.Route, arguments.Count("held", 0));
        if (held.Open(60) is { } refused)
        {
            return new LoadOutcome(figures, refused);
        }

        // Straight to the origin first: what this process compiles on the way is not the proxy's time.
        Phase(arguments.Route with { Proxy = arguments.Origin, Socks = false }, 64, 5);
        if (arguments.Count("warm", 2000) is > 0 and var warm)
        {
            Phase(arguments.Route, warm, 60);
        }

        var meter = new CpuMeter(arguments.Processes);
        var connections = arguments.Count("connections", 0);
        var (count, seconds) = connections == 0 ? (long.MaxValue, arguments.Number("seconds", 3)) : (connections, 60);
        Phase(arguments.Route, count, seconds);
        figures["connections_per_second"] = _done / meter.Seconds;
        // What the proxy still does for connections that we have closed belongs to them.
        Native.Pause(150);
        meter.Report(figures, "us", 1e6, Math.Max(1, _done));
        _latencies.Report(figures);
        figures["connections"] = _done;
        figures["errors"] = _failed + _active;
        return new LoadOutcome(figures, Verdict(connections) ?? held.Prove(10));
    }

    private string? Verdict(long wanted)
        => _done == 0 || _failed + _active > _done / 1000
                ? $"{_failed} of {_done + _failed} connections failed, {_active} hung; the last {_failure ?? "said nothing"}"
            : wanted > _done + _failed ? $"only {_done} of {wanted} connections in time"
            : null;

    /// <summary>Until the count or the time is used up and the last connection has ended.</summary>
    private void Phase(Route route, long count, double seconds)
    {
        _dialer = new Dialer(route);
        _latencies.Clear();
        (_left, _done, _failed, _active) = (count, 0, 0, 0);
        _deadline = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        for (var i = 0; i < _concurrency; i++)
        {
            Next(&_connections[i]);
        }

        // A connection that does not end within 10 s of the phase hangs.
        var patience = _deadline + 10 * Stopwatch.Frequency;
        while (_active > 0 && Stopwatch.GetTimestamp() < patience)
        {
            var events = _epoll.Wait(500);
            for (var i = 0; i < events; i++)
            {
                Advance((Connection*)_epoll[i].Tag, _epoll[i].Events);
            }
        }
    }

    private void Next(Connection* c)
    {
        while (_left > 0 && _failed < 1000 && Stopwatch.GetTimestamp() < _deadline)
        {
            _left--;
            if (_dialer.Start(c, _epoll))
            {
                _active++;
                return;
            }

            _failed++;
            _failure = _dialer.Failure;
        }
    }

    private void Advance(Connection* c, uint events)
    {
        switch (c->Stage)
        {
            case Stage.Closed:
                break;
            case Stage.Answer:
                Answered(c, events);
                break;
            case Stage.End:
                if ((events & (Native.PeerClosed | Native.Broken)) != 0)
                {
                    Finish(c, (events & Native.Failed) == 0 ? null : "was reset at its end");
                }

                break;
            default:
                Opening(c, events);
                break;
        }
    }

    private void Opening(Connection* c, uint events)
    {
        switch (_dialer.Advance(c, events))
        {
            case Step.Opened:
                var request = new OriginRequest(_clientEnds ? OriginVerb.Echo : OriginVerb.EchoOnce, c->Started);
                c->Stage = Stage.Answer;
                if (Native.Send(c->Fd, &request, OriginRequest.Size, Native.NoSignal) != OriginRequest.Size)
                {
                    Finish(c, $"could not send to the origin: error {Native.Errno}");
                }

                break;
            case Step.Failed:
                _active--;
                _failed++;
                _failure = _dialer.Failure;
                Next(c);
                break;
        }
    }

    private void Answered(Connection* c, uint events)
    {
        var n = Native.Receive(c->Fd, c->Inbox + c->Received, OriginRequest.Size - c->Received, 0);
        if (n <= 0)
        {
            if (n == 0 || Native.Errno != Native.TryAgain)
            {
                Finish(c, n == 0 ? "closed before the answer" : $"broke before the answer: error {Native.Errno}");
            }

            return;
        }

        c->Received += (int)n;
        if (c->Received < OriginRequest.Size)
        {
            return;
        }

        if (((OriginRequest*)c->Inbox)->Length != c->Started)
        {
            Finish(c, "brought another answer than the origin's");
        }
        else if (_clientEnds || (events & Native.PeerClosed) != 0)
        {
            Finish(c, null);
        }
        else
        {
            c->Stage = Stage.End;
        }
    }

    private void Finish(Connection* c, string? failure)
    {
        Native.Close(c->Fd);
        c->Stage = Stage.Closed;
        _active--;
        if (failure is null)
        {
            _done++;
            _latencies.Add(c->Started, Stopwatch.GetTimestamp());
        }
        else
        {
            _failed++;
            _failure = failure;
        }

        Next(c);
    }
}
