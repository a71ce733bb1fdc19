using System.Globalization;

namespace AkkaSocks.Proxy.Settings;

/// <summary>What <c>auto</c> is derived from.</summary>
/// <param name="Processors">Processors this process may use.</param>
/// <param name="OpenFiles">Descriptors this process may hold (RLIMIT_NOFILE); null where the system tells none.</param>
/// <param name="StateDirectory">Where a program of this user keeps what it must not lose; it need not exist.</param>
internal sealed record Machine(int Processors, int? OpenFiles, string StateDirectory)
{
    private const string LimitsFile = "/proc/self/limits";
    private const string Program = "akkasocks";
    private const string OpenFilesRow = "Max open files";

    /// <summary>The machine this process runs on.</summary>
    /// <remarks>The .NET runtime has raised the soft limit to the hard one by the time this is read.</remarks>
    public static Machine Current() => new(Environment.ProcessorCount, ReadOpenFiles(), FindStateDirectory());

    /// <remarks>The XDG Base Directory Specification's place, or that of system-wide programs where there is no home.</remarks>
    private static string FindStateDirectory()
    {
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), Program);
        return Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? Path.Combine(state, Program)
            : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state", Program)
            : Path.Combine("/var/lib", Program);
    }

    private static int? ReadOpenFiles()
    {
        if (!File.Exists(LimitsFile))
            return null;
        var row = File.ReadLines(LimitsFile).FirstOrDefault(line => line.StartsWith(OpenFilesRow, StringComparison.Ordinal));
        var soft = row?[OpenFilesRow.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
