using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaSocks.Benchmarks.Proxies.Peers;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>A subject's process, from start to stop.</summary>
internal sealed class RunningSubject : IDisposable
{
    private const int StartSeconds = 20;
    private const int StopMilliseconds = 5_000;
    private readonly string _output;
    private readonly Process _process;
    private readonly RunningSubject? _companion;

    /// <summary>Starts it and waits until it accepts connections at <paramref name="port"/>. Throws
    /// <see cref="InvalidOperationException"/> with the end of its output when it doesn't.</summary>
    public RunningSubject(Launch launch, int port, string folder)
    {
        _companion = launch.Companion is { } companion ? new RunningSubject(companion.Launch, companion.Port, folder) : null;
        _output = Path.Combine(folder, $"{Path.GetFileName(launch.Executable)}.{port}.out");
        var output = launch.Chatty ? "/dev/null" : _output;
        var started = Stopwatch.GetTimestamp();
        // The shell only sets the limit and the output, then becomes the subject.
        _process = Process.Start("/bin/sh",
        [
            "-c", $"ulimit -n {Site.Descriptors}; out=$1; shift; exec \"$@\" </dev/null >\"$out\" 2>&1",
            "sh", output, launch.Executable, .. launch.Arguments,
        ]);
        try
        {
            AwaitAccepting(port, started);
        }
        catch
        {
            Dispose();
            throw;
        }

        StartMilliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>From exec to the first accepted connection.</summary>
    public double StartMilliseconds { get; }

    /// <summary>The roots of its process trees.</summary>
    public int[] Processes => [_process.Id, .. _companion?.Processes ?? []];

    /// <summary>The last lines it wrote.</summary>
    public string Tail()
        => File.Exists(_output) ? string.Join(" | ", File.ReadLines(_output).Where(line => line.Length > 0).TakeLast(5)) : "";

    /// <summary>Asks it to end, and kills it and its children when it doesn't.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Native.Kill(_process.Id, Native.SignalTerminate);
            if (!_process.WaitForExit(StopMilliseconds))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
        }

        _process.Dispose();
        _companion?.Dispose();
    }

    private void AwaitAccepting(int port, long started)
    {
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < StartSeconds)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                if (_process.WaitForExit(1))
                {
                    throw new InvalidOperationException($"ended with {_process.ExitCode} before it listened: {Tail()}");
                }
            }
        }

        throw new InvalidOperationException($"did not listen within {StartSeconds} s: {Tail()}");
    }
}
