using System.ComponentModel;
using System.Diagnostics;

namespace AkkaSocks.Proxy.Tests.Auth.Users.Storing;

/// <summary>A small file system in memory, mounted for one test. Needs the right to mount.</summary>
internal sealed class FullDisk : IDisposable
{
    private readonly TempDirectory _temp = new();

    /// <summary>Why no test can have one here; null when it can.</summary>
    public static string? Missing { get; } = FindMissing();

    public FullDisk(int kilobytes) => Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "none", Path);

    public string Path => _temp.Path;

    /// <summary>Takes all that is left.</summary>
    public void Fill()
    {
        try
        {
            using var file = new FileStream(_temp["filler"], FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            for (var chunk = new byte[512]; ;)
                file.Write(chunk);
        }
        catch (IOException)
        {
            // Full now.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(_temp["filler"]);

    /// <summary>From now on it can only be read, or written again.</summary>
    public void Remount(string mode) => Run("mount", "-o", $"remount,{mode}", Path);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _temp.Dispose();
    }

    private static string? FindMissing()
    {
        try
        {
            using var disk = new FullDisk(64);
            return null;
        }
        catch (Exception refused) when (refused is InvalidOperationException or Win32Exception)
        {
            return $"a file system cannot be mounted here: {refused.Message}";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(errors.Trim());
    }
}

/// <summary>A test that needs a <see cref="FullDisk"/>; skipped with the reason where there can be none.</summary>
public sealed class FullDiskFactAttribute : Xunit.FactAttribute
{
    public FullDiskFactAttribute() => Skip = FullDisk.Missing;
}
