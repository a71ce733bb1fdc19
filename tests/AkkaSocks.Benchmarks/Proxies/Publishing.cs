using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>Builds AkkaSocks the way it is shipped.</summary>
internal static class Publishing
{
    /// <summary>The path of the executable in <paramref name="folder"/>. Throws <see cref="InvalidOperationException"/> with the
    /// build's output.</summary>
    public static string Publish(string folder)
    {
        var project = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../src/AkkaSocks.Server"));
        string[] arguments =
        [
            "publish", project, "-o", folder, "-c", "Release", "-r", "linux-x64", "--self-contained", "false",
            "--nologo", "-v", "quiet",
        ];
        using var build = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0
            ? Path.Combine(folder, "akkasocks")
            : throw new InvalidOperationException($"dotnet publish failed:\n{output}");
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
