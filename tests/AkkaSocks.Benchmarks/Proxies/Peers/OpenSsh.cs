using System.Diagnostics;

namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>ssh -D through a private sshd on loopback, with keys of its own: the SOCKS server that everybody has. Client and
/// server are measured together. The cipher is the fastest where the processor has AES instructions.</summary>
internal sealed class OpenSsh : Subject
{
    private const string Cipher = "aes128-gcm@openssh.com";

    public override string Name => "ssh-D";

    public override bool TakesPassword => false;

    public override string? Find()
        => Executables.Find("sshd") is null || Executables.Find("ssh-keygen") is null ? null : Executables.Find("ssh");

    public override Launch Prepare(Site site, string executable)
    {
        var hostKey = MakeKey(site, "host-key");
        var key = MakeKey(site, "client-key");
        var conf = site.Write("sshd_config", $"""
            ListenAddress 127.0.0.1:{site.QuietPort}
            HostKey {hostKey}
            AuthorizedKeysFile {key}.pub
            PidFile none
            UsePAM no
            StrictModes no
            PermitRootLogin prohibit-password
            AllowTcpForwarding yes
            Compression no
            Ciphers {Cipher}
            LogLevel ERROR

            """);
        if (Environment.UserName == "root")
        {
            // Where sshd puts its unprivileged half; it refuses to start without.
            Directory.CreateDirectory("/run/sshd");
        }

        var server = new Launch(Executables.Find("sshd")!, "-D", "-e", "-f", conf);
        return new Launch(
            executable, "-N", "-T", "-F", "none", "-i", key, "-D", $"127.0.0.1:{site.Port}", "-p", $"{site.QuietPort}",
            "-c", Cipher, "-o", "StrictHostKeyChecking=no", "-o", $"UserKnownHostsFile={site.Directory}/known",
            "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes", $"{Environment.UserName}@127.0.0.1")
        {
            Companion = (server, site.QuietPort),
        };
    }

    private static string MakeKey(Site site, string name)
    {
        var path = Path.Combine(site.Directory, name);
        using var keygen = Process.Start(Executables.Find("ssh-keygen")!, ["-q", "-t", "ed25519", "-N", "", "-f", path]);
        keygen.WaitForExit();
        return path;
    }
}
