using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>
/// Datagrams through associations to an echo and back, each relayed twice. First as many as go, with a number in flight on each
/// association; then half as many by the clock, and how many of them are lost. Keys: associations, bytes (of payload), window, together
/// (1: client and echo send and take several as one, as stacks of QUIC do), warm and seconds.
/// </summary>
/// <remarks>The echo is a socket of this process: what is relayed is a datagram sent and one received here, however it is
/// split.</remarks>
internal sealed class UdpLoad(LoadArguments arguments)
{
    private const ulong EchoTag = ulong.MaxValue;
    private const double LongestPause = 0.005;
    private const int KernelBuffer = 4 * 1024 * 1024;

    // By then an answer is lost: on loopback one takes some milliseconds at most, however deep the queues.
    private static readonly long Lost = Stopwatch.Frequency / 10;

    private readonly int _count = arguments.Count("associations", 16);
    private readonly int _bytes = arguments.Count("bytes", 200);
    private readonly int _window = Math.Min(UdpBatch.Capacity, arguments.Count("window", UdpBatch.Capacity));
    private readonly bool _together = arguments.Count("together", 0) == 1;
    private readonly EpollSet _epoll = new();
    private readonly Socket _echo = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = KernelBuffer };
    private UdpAssociation[] _associations = [];
    private UdpBatch _datagrams = null!, _received = null!;
    private long _answers, _lost, _wrong;

    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        try
        {
            Open();
        }
        catch (InvalidOperationException refused)
        {
            return new LoadOutcome(figures, refused.Message);
        }

        Saturate(arguments.Number("warm", 1));
        var meter = new CpuMeter(arguments.Processes);
        Saturate(arguments.Number("seconds", 3));
        var peak = _answers / meter.Seconds;
        figures["packets_per_second"] = 2 * peak;
        meter.Report(figures, "us", 1e6, Math.Max(1, 2 * _answers));
        figures["lost_at_peak"] = _lost;
        var wrong = _wrong;

        Drain(0.5);
        var sent = SendByTheClock(peak / 2, arguments.Number("seconds", 3));
        Drain(0.5);
        figures["loss_percent"] = 100 * (1 - (_answers / (double)Math.Max(1, sent)));
        return new LoadOutcome(
            figures, peak < 1 ? "no datagram came back" : wrong + _wrong > 0 ? $"{wrong + _wrong} datagrams were not what was sent" : null);
    }

    private void Open()
    {
        _echo.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _echo.Blocking = false;
        _epoll.Add((int)_echo.Handle, Native.Readable, EchoTag);
        var port = ((IPEndPoint)_echo.LocalEndPoint!).Port;
        _datagrams = UdpBatch.Of([0, 0, 0, 1, 127, 0, 0, 1, (byte)(port >> 8), (byte)port, .. new byte[_bytes]], _together);
        _received = new UdpBatch(_together);
        _associations = [.. Enumerable.Range(0, _count).Select(n => UdpAssociation.Open(arguments.Route, n))];
        if (_together)
            Native.ReceiveTogether((int)_echo.Handle);
        for (var i = 0; i < _count; i++)
        {
            if (_together)
                Native.ReceiveTogether(_associations[i].Fd);
            _epoll.Add(_associations[i].Fd, Native.Readable, (ulong)i);
        }
    }

    private void Saturate(double seconds)
    {
        (_answers, _lost, _wrong) = (0, 0, 0);
        var (now, swept) = (Stopwatch.GetTimestamp(), 0L);
        var deadline = now + (long)(seconds * Stopwatch.Frequency);
        for (; now < deadline; now = Stopwatch.GetTimestamp())
        {
            if (now - swept > Lost)
            {
                swept = now;
                Refill(now);
            }

            Turn(10, answered => Send(answered, _window - answered.InFlight));
        }
    }

    /// <summary>Gives up what was lost, so that the window does not shrink.</summary>
    private void Refill(long now)
    {
        foreach (var association in _associations)
        {
            if (now - association.LastAnswer > Lost)
            {
                _lost += association.InFlight;
                association.InFlight = 0;
                Send(association, _window);
            }
        }
    }

    private long SendByTheClock(double perSecond, double seconds)
    {
        (_answers, _wrong) = (0, 0);
        var (sent, next, due, before) = (0L, 0, 0.0, 0.0);
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds is var elapsed && elapsed < seconds)
        {
            // Where this process had to pause, what it has missed must not come as a flood.
            due += Math.Min(elapsed - before, LongestPause) * perSecond;
            before = elapsed;
            for (int some; due >= 1; due -= some)
            {
                some = (int)Math.Min(due, 8);
                sent += Send(_associations[next++ % _count], some);
            }

            Turn(1, null);
        }

        return sent;
    }

    private void Drain(double seconds)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            Turn(10, null);
        }
    }

    private void Turn(int milliseconds, Action<UdpAssociation>? answered)
    {
        var events = _epoll.Wait(milliseconds);
        for (var i = 0; i < events; i++)
        {
            if (_epoll[i].Tag == EchoTag)
            {
                var fd = (int)_echo.Handle;
                for (var n = UdpBatch.Capacity; n == UdpBatch.Capacity;)
                {
                    n = _received.Receive(fd);
                    _received.SendBack(fd, n);
                }

                continue;
            }

            var association = _associations[_epoll[i].Tag];
            var count = 0;
            for (int n = 0, messages = _received.Receive(association.Fd); n < messages; n++)
            {
                var each = _received.Each(n);
                for (var rest = _received[n]; !rest.IsEmpty; rest = rest[Math.Min(each, rest.Length)..], count++)
                {
                    _wrong += Math.Min(each, rest.Length) == _bytes + 10 && rest[..4] is [0, 0, 0, 1] ? 0 : 1;
                }
            }

            _answers += count;
            association.LastAnswer = Stopwatch.GetTimestamp();
            association.InFlight = Math.Max(0, association.InFlight - count);
            answered?.Invoke(association);
        }
    }

    private int Send(UdpAssociation association, int count)
    {
        var sent = count > 0 ? _datagrams.Send(association.Fd, count) : 0;
        association.InFlight += sent;
        return sent;
    }
}
