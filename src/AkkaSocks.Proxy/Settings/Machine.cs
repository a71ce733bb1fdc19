using System.Globalization;

namespace AkkaSocks.Proxy.Settings;

/// <summary>What <c>auto</c> is derived from.</summary>
/// <param name="Processors">Processors this process may use.</param>
/// <param name="OpenFiles">Descriptors this process may hold (RLIMIT_NOFILE); null where the system tells none.</param>
internal sealed record Machine(int Processors, int? OpenFiles)
{
    private const string LimitsFile = "/proc/self/limits";
    private const string OpenFilesRow = "Max open files";

    /// <summary>The machine this process runs on.</summary>
    /// <remarks>The .NET runtime has raised the soft limit to the hard one by the time this is read.</remarks>
    public static Machine Current() => new(Environment.ProcessorCount, ReadOpenFiles());

    private static int? ReadOpenFiles()
    {
        if (!File.Exists(LimitsFile))
            return null;
        var row = File.ReadLines(LimitsFile).FirstOrDefault(line => line.StartsWith(OpenFilesRow, StringComparison.Ordinal));
        var soft = row?[OpenFilesRow.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
