namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>HAProxy in TCP mode, a thread per core, bulk moved by splice(2) always (splice-auto rarely does) through pipes of
/// 128 KiB: of 64 KiB to 1 MiB the cheapest per byte where it was measured.</summary>
internal sealed class HaProxy : Subject
{
    public override string Name => "haproxy";

    public override Standing Standing => Standing.Floor;

    public override bool TakesPassword => false;

    public override bool TakesTls => true;

    public override Launch Prepare(Site site, string executable)
    {
        var conf = site.Write("haproxy.cfg", $"""
            global
              nbthread {Environment.ProcessorCount}
              maxconn 8000
              maxpipes 512
              tune.pipesize 131072
            defaults
              mode tcp
              option splice-request
              option splice-response
              timeout connect 10s
              timeout client 10m
              timeout server 10m
            {Forward("main", site.Port, site.OriginPort, site.Tls)}
            {Forward("quiet", site.QuietPort, site.QuietOriginPort, null)}
            """);
        return new Launch(executable, "-db", "-q", "-f", conf);
    }

    private static string Forward(string name, int port, int origin, string? tls)
        => $"listen {name}\n  bind 127.0.0.1:{port} backlog 4096{(tls is null ? "" : $" ssl crt {tls} ssl-min-ver TLSv1.2")}\n"
            + string.Concat(Site.OriginAddresses.Select((address, i) => $"  server s{i} {address}:{origin}\n"));
}
