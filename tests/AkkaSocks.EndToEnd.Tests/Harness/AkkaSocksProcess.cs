using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>The executable as its users meet it: a process with arguments, standard streams, signals and an exit code.</summary>
internal sealed class AkkaSocksProcess : IDisposable
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;

    private readonly Process _process;
    private readonly Task<string> _errors;

    private AkkaSocksProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static AkkaSocksProcess Start(string[] arguments, params (string Name, string Value)[] environment) =>
        StartUnder([], arguments, environment);

    /// <summary>Starts it by a command that becomes it, such as prlimit.</summary>
    public static AkkaSocksProcess StartUnder(
        string[] launcher, string[] arguments, params (string Name, string Value)[] environment)
    {
        string[] command = [.. launcher, "dotnet", Path.Combine(AppContext.BaseDirectory, "akkasocks.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToArray())
            start.Environment.Remove(name);
        // Else processes that run at the same time would want the same port.
        start.Environment["AKKASOCKS__ADMIN__ENDPOINT"] = "127.0.0.1:0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new AkkaSocksProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<Outcome> RunAsync(
        string[] arguments, string input = "", params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        await process._process.StandardInput.WriteAsync(input);
        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    public async Task<string> NextLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().InTime() ?? throw new InvalidOperationException(await _errors);

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Waits for its end; what it has printed since the last <see cref="NextLineAsync"/>.</summary>
    public Task<Outcome> EndAsync() => FollowAsync().InTime();

    /// <summary>The same, however long it runs.</summary>
    public async Task<Outcome> FollowAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return new Outcome(_process.ExitCode, output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static bool IsOurs(string variable) => variable.StartsWith("AKKASOCKS", StringComparison.OrdinalIgnoreCase);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    public sealed record Outcome(int ExitCode, string Output, string Errors);
}
