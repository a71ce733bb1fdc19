using System.Globalization;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>What the kernel says of a process.</summary>
internal sealed class ProcessFigures(int process)
{
    // USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    private string Folder => $"/proc/{process}";

    /// <summary>It has not ended.</summary>
    public bool Exists => Directory.Exists(Folder);

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes => Status("VmRSS:");

    /// <summary>The most resident memory, in bytes, since <see cref="ForgetPeak"/>.</summary>
    public long PeakBytes => Status("VmHWM:");

    /// <summary>Time spent on cores so far, user and system.</summary>
    public TimeSpan Cpu
    {
        get
        {
            // Fields 14 and 15, counted after the name in parentheses, which may hold anything.
            var stat = File.ReadAllText($"{Folder}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds((Ticks(fields[11]) + Ticks(fields[12])) / TicksPerSecond);
        }
    }

    /// <summary>Open descriptors.</summary>
    public int Descriptors => Kinds().Count();

    /// <summary>Open descriptors that are sockets.</summary>
    public int Sockets => Kinds().Count(kind => kind.StartsWith("socket:", StringComparison.Ordinal));

    /// <summary>Lets the peak begin anew (clear_refs in proc(5)).</summary>
    public void ForgetPeak() => File.WriteAllText($"{Folder}/clear_refs", "5");

    /// <summary>How many sockets it has once that has stayed the same for a while.</summary>
    public async Task<int> SocketsAtRestAsync()
    {
        var (last, same) = (-1, 0);
        await Eventually.TrueAsync(
            () =>
            {
                var now = Sockets;
                same = now == last ? same + 1 : 0;
                last = now;
                return same == 20;
            },
            () => "the number of sockets to settle");
        return last;
    }

    private IEnumerable<string> Kinds() =>
        Directory.EnumerateFileSystemEntries($"{Folder}/fd").Select(descriptor => new FileInfo(descriptor).LinkTarget ?? "");

    private long Status(string field) => 1024 * long.Parse(
        File.ReadLines($"{Folder}/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ')[^2],
        CultureInfo.InvariantCulture);

    private static double Ticks(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
