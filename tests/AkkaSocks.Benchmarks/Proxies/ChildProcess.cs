using System.Diagnostics;
using System.Reflection;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>This program again, for a load or an origin, so that neither shares a process with anything.</summary>
internal static class ChildProcess
{
    /// <summary>Starts a verb of this program with its standard output redirected.</summary>
    public static Process Start(IEnumerable<string> arguments)
    {
        var self = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [Assembly.GetExecutingAssembly().Location] : [];
        var start = new ProcessStartInfo(self, program.Concat(arguments)) { RedirectStandardOutput = true };
        // Compiled once and fully at the first call: there is no time to warm up, and no compiler thread takes the proxy's core.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Starts an origin at <paramref name="port"/> and waits until it listens.</summary>
    public static Process StartOrigin(int port, string verb = "origin")
    {
        var origin = Start([verb, $"{port}"]);
        return origin.StandardOutput.ReadLine() == "ready"
            ? origin
            : throw new InvalidOperationException($"the origin did not start at port {port}");
    }

    /// <summary>Ends it and waits for its end.</summary>
    public static void Stop(Process process)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
