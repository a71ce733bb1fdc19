using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>Round trips: on every stream one message in flight, echoed by the origin. Keys: streams, bytes, warm and seconds,
/// held (sessions open meanwhile).</summary>
internal sealed unsafe class PingPongLoad(LoadArguments arguments)
{
    private readonly int _bytes = arguments.Count("bytes", 64);
    private readonly Latencies _latencies = new();
    private readonly byte* _scratch = (byte*)NativeMemory.Alloc(Pattern.Chunk);

    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        var held = new Sessions(arguments.Route, arguments.Count("held", 0));
        var streams = arguments.Count("streams", 1);
        var sessions = new Sessions(arguments.Route, streams);
        if ((held.Open(60) ?? sessions.Open(20)) is { } refused)
        {
            return new LoadOutcome(figures, refused);
        }

        for (var i = 0; i < streams; i++)
        {
            Native.NoDelay(sessions.All[i].Fd);
            Ping(&sessions.All[i], Stopwatch.GetTimestamp());
        }

        var error = Exchange(sessions.Epoll, arguments.Number("warm", 0.3), out var trips);
        _latencies.Clear();
        var meter = new CpuMeter(arguments.Processes);
        error ??= Exchange(sessions.Epoll, arguments.Number("seconds", 3), out trips);
        figures["trips_per_second"] = trips / meter.Seconds;
        meter.Report(figures, "us", 1e6, Math.Max(1, trips));
        _latencies.Report(figures);
        return new LoadOutcome(figures, error ?? (trips < streams ? "hardly a round trip" : held.Prove(10)));
    }

    private string? Exchange(EpollSet epoll, double seconds, out long trips)
    {
        trips = 0;
        var deadline = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() is var now && now < deadline)
        {
            var events = epoll.Wait(100);
            for (var i = 0; i < events; i++)
            {
                var c = (Connection*)epoll[i].Tag;
                var n = Native.Receive(c->Fd, _scratch, Pattern.Chunk, 0);
                if (n <= 0)
                {
                    if (n == 0 || Native.Errno != Native.TryAgain)
                    {
                        return $"a stream ended: {(n == 0 ? "closed" : $"error {Native.Errno}")}";
                    }

                    continue;
                }

                c->Received += (int)n;
                if (c->Received >= _bytes)
                {
                    now = Stopwatch.GetTimestamp();
                    _latencies.Add(c->Started, now);
                    trips++;
                    Ping(c, now);
                }
            }
        }

        return null;
    }

    private void Ping(Connection* c, long now)
    {
        c->Received = 0;
        c->Started = now;
        Native.Send(c->Fd, Pattern.At(0), _bytes, Native.NoSignal);
    }
}
