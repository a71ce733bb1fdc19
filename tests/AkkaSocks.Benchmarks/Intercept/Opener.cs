using AkkaSocks.Benchmarks.Proxies.Peers;

namespace AkkaSocks.Benchmarks.Intercept;

/// <summary>A proxy as this benchmark runs it.</summary>
/// <param name="Name">How the tables call it.</param>
/// <param name="Prepare">Writes its configuration and says how to start it.</param>
internal sealed record Opener(string Name, Func<Site, Launch> Prepare)
{
    /// <summary>AkkaSocks with its defaults except for what the measurement needs: destinations on loopback whose certificates nobody has
    /// signed, and no line per session.</summary>
    /// <param name="name">How the tables call it.</param>
    /// <param name="executable">The published program.</param>
    /// <param name="mitm">What <c>mitm { }</c> says.</param>
    public static Opener AkkaSocks(string name, string executable, string mitm) => new(name, site => new Launch(
        executable,
        "run", "-c", site.Write("akkasocks.conf", $$"""
            akkasocks {
              node { data-directory = "{{site.Directory}}" }
              listeners { main { endpoint = "127.0.0.1:{{site.Port}}" } }
              admin { endpoint = "" }
              egress { special-purpose = allow }
              log { sessions { format = off } }
              mitm { {{mitm}} }
            }

            """)));

    /// <summary>mitmdump by SOCKS5 with nothing to print and nothing to keep.</summary>
    public static Opener Mitmproxy(string executable) => new("mitmproxy", site => new Launch(
        executable,
        "--mode", "socks5", "--listen-host", "127.0.0.1", "--listen-port", $"{site.Port}", "-q",
        "--set", "flow_detail=0", "--set", "ssl_insecure=true", "--set", "block_global=false", "--set", "stream_large_bodies=1k",
        "--set", $"confdir={site.Directory}"));
}
