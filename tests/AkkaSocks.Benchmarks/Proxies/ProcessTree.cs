using System.Globalization;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>What processes and all their descendants use, from /proc.</summary>
/// <param name="CpuSeconds">User and system time, that of descendants already reaped included.</param>
/// <param name="RssKib">Resident memory, summed: shared pages count once per process.</param>
/// <param name="PssKib">The same with shared pages divided among those who share them.</param>
/// <param name="Descriptors">Open file descriptors.</param>
/// <param name="Threads">Threads.</param>
internal sealed record ProcessTree(double CpuSeconds, long RssKib, long PssKib, int Descriptors, int Threads)
{
    /// <summary>USER_HZ: what /proc counts in, whatever the kernel's own tick.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>CPU time only; cheap enough to read between two phases.</summary>
    public static double Cpu(IReadOnlyCollection<int> roots) => Members(roots).Sum(stat => stat.CpuSeconds);

    /// <summary>Everything.</summary>
    public static ProcessTree Read(IReadOnlyCollection<int> roots)
    {
        var members = Members(roots);
        var memory = members.Select(stat => Memory(stat.Pid)).ToList();
        return new ProcessTree(
            members.Sum(stat => stat.CpuSeconds),
            memory.Sum(m => m.Rss),
            memory.Sum(m => m.Pss),
            members.Sum(stat => OpenDescriptors(stat.Pid)),
            members.Sum(stat => stat.Threads));
    }

    private static List<Stat> Members(IReadOnlyCollection<int> roots)
    {
        if (roots.Count == 0)
        {
            return [];
        }

        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Select(pid => pid > 0 ? Stat.Read(pid) : null)
            .OfType<Stat>()
            .ToDictionary(stat => stat.Pid);
        return [.. all.Values.Where(stat => Lineage(stat, all).Any(roots.Contains))];
    }

    private static IEnumerable<int> Lineage(Stat stat, Dictionary<int, Stat> all)
    {
        for (Stat? s = stat; s is not null; s = all.GetValueOrDefault(s.Parent))
        {
            yield return s.Pid;
        }
    }

    private static (long Rss, long Pss) Memory(int pid)
    {
        var lines = Lines($"/proc/{pid}/smaps_rollup");
        return (Kib(lines, "Rss:"), Kib(lines, "Pss:"));
    }

    private static long Kib(string[] lines, string name)
        => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.AsSpan(name.Length, line.Length - name.Length - 2).Trim(), CultureInfo.InvariantCulture)
            : 0;

    private static int OpenDescriptors(int pid)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The lines of a /proc file, none when its process has just ended.</summary>
    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>The fields of /proc/PID/stat that matter here.</summary>
    private sealed record Stat(int Pid, int Parent, double CpuSeconds, int Threads)
    {
        public static Stat? Read(int pid)
        {
            if (Lines($"/proc/{pid}/stat") is not [var line, ..])
            {
                return null;
            }

            // The second field is the command's name, which may contain anything; the third begins after its last parenthesis.
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
            return new Stat(pid, (int)Field(4), (Field(14) + Field(15) + Field(16) + Field(17)) / TicksPerSecond, (int)Field(20));
        }
    }
}
