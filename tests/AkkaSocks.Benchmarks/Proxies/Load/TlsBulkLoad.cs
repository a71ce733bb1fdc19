namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>Bytes per second over a few streams without end, inside TLS. Keys: streams, direction (down or up), warm and
/// seconds.</summary>
internal sealed unsafe class TlsBulkLoad(LoadArguments arguments)
{
    private const int Piece = 64 * 1024;

    private readonly bool _uploads = arguments.Text("direction", "down") == "up";
    private long _bytes;
    private volatile bool _ended;
    private volatile string? _failure;

    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        var dialer = new TlsDialer(arguments.Route);
        var threads = Enumerable.Range(0, arguments.Count("streams", 4)).Select(_ => new Thread(() => Carry(dialer))).ToList();
        threads.ForEach(thread => thread.Start());
        Native.Pause((int)(arguments.Number("warm", 0.5) * 1000));
        Interlocked.Exchange(ref _bytes, 0);
        var meter = new CpuMeter(arguments.Processes);
        Native.Pause((int)(arguments.Number("seconds", 3) * 1000));
        var bytes = Interlocked.Read(ref _bytes);
        figures["gigabytes_per_second"] = bytes / 1e9 / meter.Seconds;
        meter.Report(figures, "s_per_gb", 1, Math.Max(1, bytes) / 1e9);
        _ended = true;
        threads.ForEach(thread => thread.Join());
        return new LoadOutcome(figures, _failure ?? (bytes == 0 ? "nothing moved" : null));
    }

    private void Carry(TlsDialer dialer)
    {
        var request = new OriginRequest(_uploads ? OriginVerb.Sink : OriginVerb.Source, long.MaxValue);
        if (dialer.Open(request, 0, out var socket) is not { } tls)
        {
            _failure = "a stream did not open";
            return;
        }

        using (socket)
        using (tls)
        {
            fixed (byte* piece = new byte[Piece])
            {
                while (!_ended)
                {
                    var n = _uploads ? tls.Write(piece, Piece) : tls.Read(piece, Piece);
                    if (n <= 0)
                    {
                        _failure = "a stream ended";
                        return;
                    }

                    Interlocked.Add(ref _bytes, n);
                }
            }
        }
    }
}
