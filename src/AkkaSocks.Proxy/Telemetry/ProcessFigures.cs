using System.Diagnostics;
using System.Globalization;
using System.IO.Enumeration;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>What the process takes, under the names that Prometheus' own libraries give such figures, and what its runtime does.</summary>
internal static class ProcessFigures
{
    private const string Descriptors = "/proc/self/fd", LimitsFile = "/proc/self/limits", LimitsLine = "Max open files";

    /// <summary>Declares the metrics.</summary>
    public static void Declare(MetricSet metrics)
    {
        using var self = Process.GetCurrentProcess();
        var started = (self.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
        metrics.Gauge("process.start-time", "s", "When the process was started, since 1970.", () => started);
        if (!OperatingSystem.IsMacCatalyst() && !OperatingSystem.IsIOS() && !OperatingSystem.IsTvOS() && !OperatingSystem.IsBrowser())
            metrics.Counter("process.cpu", "s", "Processor time that the process has taken.", CpuSeconds);
        metrics.Gauge("process.resident-memory", "By", "Memory of the process that is in RAM.", () => Environment.WorkingSet);
        if (OperatingSystem.IsLinux())
        {
            var max = MaxDescriptors();
            metrics.Gauge("process.open-fds", "{descriptor}", "Descriptors that are open.", () => OpenDescriptors());
            metrics.Gauge("process.max-fds", "{descriptor}", "Descriptors that may be open (RLIMIT_NOFILE).", () => max);
        }

        metrics.Counter(
            "dotnet.gc.collections",
            "{collection}",
            "Garbage collections, of this generation and no older one.",
            ["generation"],
            () => Enumerable.Range(0, GC.MaxGeneration + 1).Select(it => new Series([$"{it}"], Collections(it))));
        metrics.Counter(
            "dotnet.gc.pause", "s", "Time that all threads stood still for the collector.", () => GC.GetTotalPauseDuration().TotalSeconds);
        metrics.Counter("dotnet.gc.allocated", "By", "Bytes that were allocated.", () => GC.GetTotalAllocatedBytes());
        metrics.Gauge("dotnet.gc.heap", "By", "The managed heap after the last collection.", () => GC.GetGCMemoryInfo().HeapSizeBytes);
        metrics.Gauge(
            "dotnet.threadpool.threads", "{thread}", "Threads of the pool; event loops have their own.", () => ThreadPool.ThreadCount);
        metrics.Gauge(
            "dotnet.threadpool.queue", "{item}", "Work that waits for a thread of the pool.", () => ThreadPool.PendingWorkItemCount);
        metrics.Counter(
            "dotnet.lock.contentions", "{contention}", "Times that a thread had to wait for a lock.", () => Monitor.LockContentionCount);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("ios")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("tvos")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("browser")]
    private static double CpuSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;

    // The runtime counts the collection of an older generation as one of each younger one too.
    private static long Collections(int generation) =>
        GC.CollectionCount(generation) - (generation < GC.MaxGeneration ? GC.CollectionCount(generation + 1) : 0);

    private static double OpenDescriptors() =>
        new FileSystemEnumerable<bool>(Descriptors, static (ref _) => true).Count();

    private static double MaxDescriptors()
    {
        var line = File.ReadLines(LimitsFile).FirstOrDefault(it => it.StartsWith(LimitsLine, StringComparison.Ordinal)) ?? "";
        var soft = line.Length > LimitsLine.Length ? line[LimitsLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0] : "";
        return double.TryParse(soft, CultureInfo.InvariantCulture, out var max) ? max : double.PositiveInfinity;
    }
}
