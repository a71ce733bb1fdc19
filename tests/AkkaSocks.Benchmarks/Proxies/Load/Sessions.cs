using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>A fixed number of sessions, each opened through the proxy and proven by one exchange with the origin; then they stay
/// open.</summary>
internal sealed unsafe class Sessions
{
    private const int Window = 32;
    private readonly Dialer _dialer;
    private readonly int _count;
    private int _started;

    public Sessions(Route route, int count)
    {
        _dialer = new Dialer(route);
        _count = count;
        All = (Connection*)NativeMemory.AllocZeroed((nuint)Math.Max(1, count), (nuint)sizeof(Connection));
    }

    public Connection* All { get; }

    /// <summary>Their events, edge-triggered until changed.</summary>
    public EpollSet Epoll { get; } = new();

    /// <summary>Opens all, at most 32 at a time. Null, or what failed.</summary>
    public string? Open(double seconds)
    {
        var started = Stopwatch.GetTimestamp();
        var (open, active) = (0, 0);
        for (; active < Window && _started < _count; active++)
        {
            if (!StartNext())
            {
                return _dialer.Failure;
            }
        }

        while (open < _count)
        {
            var events = Epoll.Wait(500);
            for (var i = 0; i < events; i++)
            {
                var c = (Connection*)Epoll[i].Tag;
                if (c->Stage == Stage.Answer ? !TakeAnswer(c) : !Step(c, Epoll[i].Events))
                {
                    var why = _dialer.Failure ?? "while awaiting the origin's answer";
                    return $"{open} of {_count} sessions opened; one failed {why}";
                }

                if (c->Stage == Stage.End)
                {
                    c->Stage = Stage.Open;
                    open++;
                    if (_started < _count && !StartNext())
                    {
                        return _dialer.Failure;
                    }
                }
            }

            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds)
            {
                return $"{open} of {_count} sessions opened in {seconds} s";
            }
        }

        return null;
    }

    /// <summary>One more exchange on each. Null, or how many did not answer in time.</summary>
    public string? Prove(double seconds)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < _count; i++)
        {
            All[i].Received = 0;
            All[i].Stage = Ask(&All[i]) ? Stage.Answer : Stage.Closed;
        }

        var alive = 0;
        while (alive < _count && Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            var events = Epoll.Wait(100);
            for (var i = 0; i < events; i++)
            {
                var c = (Connection*)Epoll[i].Tag;
                alive += c->Stage == Stage.Answer && TakeAnswer(c) && c->Stage == Stage.End ? 1 : 0;
            }
        }

        return alive == _count ? null : $"{_count - alive} of {_count} open sessions no longer answered";
    }

    /// <summary>Resets nothing, just closes.</summary>
    public void Close()
    {
        for (var i = 0; i < _started; i++)
        {
            Native.Close(All[i].Fd);
        }
    }

    private bool StartNext() => _dialer.Start(&All[_started++], Epoll);

    private bool Step(Connection* c, uint events)
    {
        switch (c->Stage is Stage.Open or Stage.Closed ? Load.Step.Waiting : _dialer.Advance(c, events))
        {
            case Load.Step.Opened:
                c->Stage = Stage.Answer;
                return Ask(c);
            case Load.Step.Waiting:
                return true;
            default:
                return false;
        }
    }

    private static bool Ask(Connection* c)
    {
        var request = new OriginRequest(OriginVerb.Echo, c->Fd);
        return Native.Send(c->Fd, &request, OriginRequest.Size, Native.NoSignal) == OriginRequest.Size;
    }

    /// <summary>Reads on; the stage becomes <see cref="Stage.End"/> when the answer is complete. False: broken, or not what was
    /// asked.</summary>
    private static bool TakeAnswer(Connection* c)
    {
        var n = Native.Receive(c->Fd, c->Inbox + c->Received, OriginRequest.Size - c->Received, 0);
        if (n <= 0)
        {
            return n < 0 && Native.Errno == Native.TryAgain;
        }

        c->Received += (int)n;
        if (c->Received < OriginRequest.Size)
        {
            return true;
        }

        c->Stage = Stage.End;
        return ((OriginRequest*)c->Inbox)->Verb == OriginVerb.Echo && ((OriginRequest*)c->Inbox)->Length == c->Fd;
    }
}
