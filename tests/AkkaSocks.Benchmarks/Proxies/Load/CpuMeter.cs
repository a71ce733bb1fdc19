using System.Diagnostics;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>Time and CPU time, of the proxy and of this process, since it was made.</summary>
internal sealed class CpuMeter(int[] proxy)
{
    private readonly double _proxy = ProcessTree.Cpu(proxy);
    private readonly double _own = Environment.CpuUsage.TotalTime.TotalSeconds;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Seconds gone by.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Adds what <paramref name="units"/> of work cost: <c>cpu_</c> the proxy and <c>client_cpu_</c> this process, in
    /// <paramref name="unit"/>, of which <paramref name="perSecond"/> make a second.</summary>
    public void Report(Dictionary<string, double> figures, string unit, double perSecond, double units)
    {
        figures[$"client_cpu_{unit}"] = (Environment.CpuUsage.TotalTime.TotalSeconds - _own) * perSecond / units;
        figures[$"cpu_{unit}"] = (ProcessTree.Cpu(proxy) - _proxy) * perSecond / units;
    }
}
