using System.Diagnostics;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A program of this machine that a test drives: someone else's idea of a SOCKS client.</summary>
internal static class Tool
{
    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        "/usr/local/sbin", "/usr/sbin", "/sbin", // sshd
    ];

    private static readonly string[] ProxyVariables = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];

    // Empty, so that no ~/.curlrc or ~/.gitconfig changes what is tested.
    private static readonly string Home = Directory.CreateTempSubdirectory("akkasocks-home-").FullName;

    static Tool() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Home, recursive: true);

    /// <summary>Its path, or null when this machine does not have it.</summary>
    public static string? Find(string name) =>
        Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Starts it with all three standard streams redirected. The caller ends it.</summary>
    public static Process Start(string name, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(name)!, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Home,
        };
        foreach (var variable in start.Environment.Keys.Where(it => ProxyVariables.Contains(it.ToLowerInvariant())).ToArray())
            start.Environment.Remove(variable);
        start.Environment["HOME"] = Home;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end, without input.</summary>
    public static Task<Outcome> RunAsync(string name, params string[] arguments) =>
        RunAsync(name, arguments, ReadOnlyMemory<byte>.Empty);

    /// <summary>Runs it to its end.</summary>
    public static async Task<Outcome> RunAsync(string name, string[] arguments, ReadOnlyMemory<byte> input)
    {
        using var process = Start(name, arguments);
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            using var output = new MemoryStream();
            var copied = process.StandardOutput.BaseStream.CopyToAsync(output);
            await Task.WhenAll(Feed(process.StandardInput.BaseStream, input), copied).InTime();
            await process.WaitForExitAsync().InTime();
            return new Outcome(process.ExitCode, output.ToArray(), await errors.InTime());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task Feed(Stream stream, ReadOnlyMemory<byte> input)
    {
        try
        {
            await stream.WriteAsync(input);
            stream.Close();
        }
        catch (IOException)
        {
            // It has ended without reading all: its exit code says whether that is right.
        }
    }

    /// <summary>What came of it.</summary>
    public sealed record Outcome(int ExitCode, byte[] Output, string Errors)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Output);
    }
}
