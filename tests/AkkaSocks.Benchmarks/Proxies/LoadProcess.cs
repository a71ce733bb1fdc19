using System.Diagnostics;
using System.Text.Json;
using AkkaSocks.Benchmarks.Proxies.Load;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>One load, running in its own process.</summary>
internal sealed class LoadProcess
{
    /// <summary>Far beyond what any load takes: it limits itself to less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string _mode;
    private readonly Process _process;

    private LoadProcess(string mode, Process process)
    {
        _mode = mode;
        _process = process;
    }

    /// <summary>Starts <c>load MODE</c> with these words.</summary>
    public static LoadProcess Start(string mode, IEnumerable<string> words)
        => new(mode, ChildProcess.Start(["load", mode, .. words]));

    /// <summary>Waits for its line.</summary>
    public LoadOutcome Wait()
    {
        var line = _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        try
        {
            return line.GetAwaiter().GetResult() is { } json
                ? JsonSerializer.Deserialize<LoadOutcome>(json)!
                : Failed("said nothing");
        }
        catch (TimeoutException)
        {
            return Failed($"did not end in {Patience.TotalMinutes} minutes");
        }
        finally
        {
            ChildProcess.Stop(_process);
        }
    }

    private LoadOutcome Failed(string why) => new([], $"the load {_mode} {why}");
}
