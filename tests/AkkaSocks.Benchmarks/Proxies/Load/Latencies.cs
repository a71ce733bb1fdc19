using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>Durations kept one by one in native memory: percentiles are exact. More than the capacity are not kept.</summary>
internal sealed unsafe class Latencies
{
    private const int Capacity = 8_000_000;
    private readonly uint* _ticks = (uint*)NativeMemory.Alloc(Capacity, sizeof(uint));
    private int _count;

    /// <summary>Keeps the time since <paramref name="started"/> (stopwatch ticks).</summary>
    public void Add(long started, long now)
    {
        if (_count < Capacity)
        {
            _ticks[_count++] = (uint)Math.Min(now - started, uint.MaxValue);
        }
    }

    public void Clear() => _count = 0;

    /// <summary>Adds <c>p50_us</c> and <c>p99_us</c>.</summary>
    public void Report(Dictionary<string, double> figures)
    {
        var all = new Span<uint>(_ticks, _count);
        all.Sort();
        if (_count > 0)
        {
            figures["p50_us"] = Microseconds(all[_count / 2]);
            figures["p99_us"] = Microseconds(all[(int)(_count * 0.99)]);
        }
    }

    private static double Microseconds(uint ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
