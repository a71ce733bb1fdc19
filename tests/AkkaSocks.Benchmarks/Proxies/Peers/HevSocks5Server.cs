namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>hev-socks5-server: coroutines on one epoll per worker; a worker per core.</summary>
internal sealed class HevSocks5Server : Subject
{
    public override string Name => "hev-socks5-server";

    public override bool TakesUdp => true;

    public override Launch Prepare(Site site, string executable)
    {
        var auth = site.Credentials is { } c ? $"auth:\n  username: {c.User}\n  password: {c.Password}\n" : "";
        var conf = site.Write("hev.yml", $"""
            main:
              workers: {Environment.ProcessorCount}
              port: {site.Port}
              listen-address: '127.0.0.1'
            misc:
              log-level: error
              limit-nofile: {Site.Descriptors}
            {auth}
            """);
        return new Launch(executable, conf);
    }
}
