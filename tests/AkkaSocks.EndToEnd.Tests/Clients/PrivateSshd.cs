using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>An SSH server on loopback with keys of its own, for the user that runs the test.</summary>
internal sealed class PrivateSshd : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-sshd-");
    private Process? _process;

    private PrivateSshd(int port) => Port = port;

    public int Port { get; }

    /// <summary>Options with which ssh trusts it and is let in, and reads no file of the user's.</summary>
    public string[] ClientOptions =>
    [
        "-F", "none", "-i", FileOf("user"), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
        "-o", $"UserKnownHostsFile={FileOf("known")}", "-o", "StrictHostKeyChecking=yes", "-o", "HostKeyAlias=test", "-o", "LogLevel=ERROR", "-p", $"{Port}",
    ];

    public static async Task<PrivateSshd> StartAsync()
    {
        // sshd takes no port 0.
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            var sshd = new PrivateSshd(((IPEndPoint)probe.LocalEndpoint).Port);
            probe.Stop();
            try
            {
                await sshd.WriteFilesAsync();
                sshd.Launch();
                return sshd;
            }
            catch
            {
                sshd.Dispose();
                throw;
            }
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            _process.Kill(entireProcessTree: true);
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private string FileOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task WriteFilesAsync()
    {
        foreach (var key in new[] { "host", "user" })
            await Tool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", FileOf(key));
        await File.WriteAllTextAsync(FileOf("known"), $"test {await File.ReadAllTextAsync(FileOf("host.pub"))}");
        await File.WriteAllTextAsync(FileOf("config"), $"""
            ListenAddress 127.0.0.1:{Port}
            HostKey {FileOf("host")}
            AuthorizedKeysFile {FileOf("user.pub")}
            PidFile none
            UsePAM no
            StrictModes no
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            """);

        // Where sshd as root goes before it knows who is there; the system's own start script makes it.
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd");
    }

    private void Launch()
    {
        _process = Tool.Start("sshd", "-D", "-e", "-f", FileOf("config"));
        while (_process.StandardError.ReadLine() is { } line)
        {
            if (line.StartsWith("Server listening on ", StringComparison.Ordinal))
            {
                _ = _process.StandardError.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException("sshd did not start.");
    }
}
