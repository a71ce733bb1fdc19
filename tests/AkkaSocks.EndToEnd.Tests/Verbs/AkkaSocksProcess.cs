using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

/// <summary>The executable as its users meet it: a process with arguments, standard streams, signals and an exit code.</summary>
internal sealed class AkkaSocksProcess : IDisposable
{
    // Far beyond what anything here takes, so that a busy machine fails no test and a hanging process does.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private AkkaSocksProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static AkkaSocksProcess Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "akkasocks.dll"), .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AKKASOCKS", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        // Else processes that run at the same time would want the same port.
        start.Environment["AKKASOCKS__ADMIN__ENDPOINT"] = "127.0.0.1:0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new AkkaSocksProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<Outcome> RunAsync(string[] arguments, string input = "", params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        await process._process.StandardInput.WriteAsync(input);
        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    public async Task<string> NextLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException(await _errors);

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Waits for its end; what it has printed since the last <see cref="NextLineAsync"/>.</summary>
    public async Task<Outcome> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return new Outcome(_process.ExitCode, output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    public sealed record Outcome(int ExitCode, string Output, string Errors);
}
