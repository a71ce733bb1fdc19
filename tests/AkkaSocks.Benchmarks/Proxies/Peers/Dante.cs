namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>Dante: children that negotiate, connect and relay up to 32 sessions each, made as they are needed by a mother per core.
/// Its passwords are those of system accounts.</summary>
internal sealed class Dante : Subject
{
    public override string Name => "dante";

    public override bool TakesPassword => false;

    public override string? Find() => Executables.Find("danted", "sockd");

    public override bool TakesUdp => true;

    public override Launch Prepare(Site site, string executable)
    {
        var user = Environment.UserName == "root" ? "nobody" : Environment.UserName;
        var conf = site.Write("danted.conf", $$"""
            logoutput: /dev/null
            internal: 127.0.0.1 port = {{site.Port}}
            external: 127.0.0.1
            clientmethod: none
            socksmethod: none
            user.privileged: {{Environment.UserName}}
            user.unprivileged: {{user}}
            client pass { from: 0/0 to: 0/0 }
            socks pass { from: 0/0 to: 0/0 }

            """);
        return new Launch(executable, "-N", $"{Environment.ProcessorCount}", "-f", conf, "-p", Path.Combine(site.Directory, "danted.pid"));
    }
}
