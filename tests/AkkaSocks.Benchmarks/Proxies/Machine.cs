using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>Where the figures come from.</summary>
internal static class Machine
{
    /// <summary>One line: date, processor, kernel, runtime.</summary>
    public static string Describe()
        => $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC · {Environment.ProcessorCount} × {Processor()} · Linux {Kernel()} · "
            + RuntimeInformation.FrameworkDescription;

    private static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    private static string Processor()
        => File.ReadLines("/proc/cpuinfo")
            .Where(line => line.StartsWith("model name", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':') + 1)..].Trim())
            .FirstOrDefault(RuntimeInformation.ProcessArchitecture.ToString());
}
