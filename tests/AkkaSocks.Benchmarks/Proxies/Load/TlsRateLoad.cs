using System.Diagnostics;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>TLS connections per second: each a handshake, one 16-byte exchange with the origin, and the end. Keys: threads, warm
/// (connections before counting), seconds, resume (0: each handshake is a full one).</summary>
internal sealed unsafe class TlsRateLoad(LoadArguments arguments)
{
    private readonly TlsDialer _dialer = new(arguments.Route);
    private readonly bool _resumes = arguments.Count("resume", 1) != 0;
    private readonly int _threads = arguments.Count("threads", 16);
    private readonly nint[] _sessions = new nint[arguments.Count("threads", 16)];
    private long _done, _failed, _resumed, _left;

    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        Phase(arguments.Count("warm", 2000), 60);
        var meter = new CpuMeter(arguments.Processes);
        Phase(long.MaxValue, arguments.Number("seconds", 3));
        figures["connections_per_second"] = _done / meter.Seconds;
        Native.Pause(150);
        meter.Report(figures, "us", 1e6, Math.Max(1, _done));
        figures["resumed_share"] = _resumed / (double)Math.Max(1, _done);
        figures["connections"] = _done;
        figures["errors"] = _failed;
        return new LoadOutcome(
            figures,
            _done == 0 || _failed > _done / 1000 ? $"{_failed} of {_done + _failed} connections failed"
                : _resumes && _resumed < _done * 0.99 ? $"only {_resumed} of {_done} handshakes resumed a session"
                : !_resumes && _resumed > 0 ? "sessions were resumed"
                : null);
    }

    private void Phase(long count, double seconds)
    {
        (_done, _failed, _resumed, _left) = (0, 0, 0, count);
        var deadline = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var threads = Enumerable.Range(0, _threads).Select(i => new Thread(() => Repeat(i, deadline))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private void Repeat(int thread, long deadline)
    {
        while (Stopwatch.GetTimestamp() < deadline && Interlocked.Decrement(ref _left) >= 0 && Volatile.Read(ref _failed) < 1000)
        {
            Interlocked.Increment(ref Once(ref _sessions[thread]) ? ref _done : ref _failed);
        }
    }

    private bool Once(ref nint session)
    {
        var request = new OriginRequest(OriginVerb.EchoOnce, Stopwatch.GetTimestamp());
        if (_dialer.Open(request, _resumes ? session : 0, out var socket) is not { } tls)
        {
            return false;
        }

        using (socket)
        using (tls)
        {
            OriginRequest answer;
            if (!tls.ReadAll((byte*)&answer, OriginRequest.Size) || answer.Length != request.Length)
            {
                return false;
            }

            if (tls.IsResumed)
            {
                Interlocked.Increment(ref _resumed);
            }

            OpenSsl.Forget(session);
            session = tls.TakeSession();
            return tls.Read((byte*)&answer, 1) == 0;
        }
    }
}
