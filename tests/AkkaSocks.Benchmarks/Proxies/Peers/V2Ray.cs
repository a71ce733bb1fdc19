using System.Text.Json;

namespace AkkaSocks.Benchmarks.Proxies.Peers;

/// <summary>V2Ray: a SOCKS inbound, a direct outbound, no log, no sniffing, no statistics, and a session ends at once when one
/// side has closed (by default it waits for the other, a second at least).</summary>
internal sealed class V2Ray : Subject
{
    public override string Name => "v2ray";

    public override bool TakesUdp => true;

    public override Launch Prepare(Site site, string executable)
    {
        object settings = site.Credentials is { } c
            ? new { auth = "password", accounts = new[] { new { user = c.User, pass = c.Password } }, udp = true }
            : new { auth = "noauth", udp = true };
        var conf = site.Write("v2ray.json", JsonSerializer.Serialize(new
        {
            log = new { loglevel = "none" },
            policy = new { levels = new Dictionary<string, object> { ["0"] = new { uplinkOnly = 0, downlinkOnly = 0 } } },
            inbounds = new[] { new { listen = "127.0.0.1", port = site.Port, protocol = "socks", settings } },
            outbounds = new[] { new { protocol = "freedom", settings = new { } } },
        }));
        return new Launch(executable, "-config", conf);
    }
}
