using System.Diagnostics;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>Bytes per second over a few streams without end. Downloads are dropped in the kernel, uploads sent from one pattern:
/// what is measured is the proxy. Keys: streams, direction (down, up, both: every second stream uploads), warm and
/// seconds.</summary>
internal sealed unsafe class BulkLoad(LoadArguments arguments)
{
    private readonly int _streams = arguments.Count("streams", 4);
    private readonly string _direction = arguments.Text("direction", "down");

    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        var sessions = new Connection[_streams];
        var epoll = new EpollSet();
        fixed (Connection* all = sessions)
        {
            if (Open(all, epoll) is { } refused)
            {
                return new LoadOutcome(figures, refused);
            }

            var error = Move(epoll, arguments.Number("warm", 0.3), out var bytes);
            var meter = new CpuMeter(arguments.Processes);
            error ??= Move(epoll, arguments.Number("seconds", 3), out bytes);
            figures["gigabytes_per_second"] = bytes / 1e9 / meter.Seconds;
            meter.Report(figures, "s_per_gb", 1, Math.Max(1, bytes) / 1e9);
            return new LoadOutcome(figures, error ?? (bytes == 0 ? "nothing moved" : null));
        }
    }

    private string? Open(Connection* all, EpollSet epoll)
    {
        var dialer = new Dialer(arguments.Route);
        for (var i = 0; i < _streams; i++)
        {
            if (!dialer.Start(&all[i], epoll))
            {
                return dialer.Failure;
            }
        }

        var started = Stopwatch.GetTimestamp();
        for (var open = 0; open < _streams;)
        {
            var events = epoll.Wait(100);
            for (var i = 0; i < events; i++)
            {
                var c = (Connection*)epoll[i].Tag;
                var step = c->Stage == Stage.Open ? Step.Waiting : dialer.Advance(c, epoll[i].Events);
                if (step == Step.Failed || Stopwatch.GetElapsedTime(started).TotalSeconds > 20)
                {
                    return dialer.Failure ?? "the streams did not open";
                }

                open += step == Step.Opened ? 1 : 0;
            }
        }

        for (var i = 0; i < _streams; i++)
        {
            all[i].Uploads = _direction == "up" || (_direction == "both" && i % 2 == 1);
            var request = new OriginRequest(all[i].Uploads ? OriginVerb.Sink : OriginVerb.Source, long.MaxValue);
            Native.Send(all[i].Fd, &request, OriginRequest.Size, Native.NoSignal);
            // Level-triggered from here: a stream is left while it still has bytes, so that the others get their turn.
            epoll.Modify(all[i].Fd, all[i].Uploads ? Native.Writable | Native.PeerClosed : Native.Readable, (ulong)(&all[i]));
        }

        return null;
    }

    private static string? Move(EpollSet epoll, double seconds, out long bytes)
    {
        bytes = 0;
        var deadline = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < deadline)
        {
            var events = epoll.Wait(100);
            for (var i = 0; i < events; i++)
            {
                var c = (Connection*)epoll[i].Tag;
                var n = c->Uploads
                    ? Native.Send(c->Fd, Pattern.At(c->Position), Pattern.Chunk, Native.NoSignal)
                    : Native.Receive(c->Fd, null, 4 * Pattern.Chunk, Native.Discard);
                if (n == 0 || (n < 0 && Native.Errno != Native.TryAgain))
                {
                    return $"a stream ended: {(n == 0 ? "closed" : $"error {Native.Errno}")}";
                }

                c->Position += Math.Max(0, n);
                bytes += Math.Max(0, n);
            }
        }

        return null;
    }
}
