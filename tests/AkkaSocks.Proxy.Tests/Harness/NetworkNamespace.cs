using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A network of its own for threads: what a thread that moved here starts, threads included, stays here.</summary>
internal static partial class NetworkNamespace
{
    private const int NewNetwork = 0x40000000;

    /// <summary>Runs <paramref name="create"/> on a thread in a new namespace, where <c>ip</c> commands were run first.</summary>
    public static T Create<T>(IEnumerable<string> ipCommands, Func<T> create)
    {
        T? created = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (Unshare(NewNetwork) != 0)
                    throw new Win32Exception();
                foreach (var command in ipCommands)
                    RunHere(command);
                created = create();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? created! : throw new InvalidOperationException("No network namespace.", failure);
    }

    private static void RunHere(string command)
    {
        var ns = $"/proc/{Environment.ProcessId}/task/{ThreadId()}/ns/net";
        var start = new ProcessStartInfo("nsenter", $"--net={ns} ip {command}") { RedirectStandardError = true };
        using var ip = Process.Start(start)!;
        var said = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        if (ip.ExitCode != 0)
            throw new InvalidOperationException($"ip {command}: {said}");
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadId();
}
