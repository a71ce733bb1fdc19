using System.Text.Json;
using AkkaSocks.Benchmarks.Intercept;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary><c>load MODE key=value…</c>: one measurement, one JSON line.</summary>
internal static class LoadVerb
{
    /// <summary>0, or 1 when the measurement failed; the line tells why.</summary>
    public static int Run(string mode, string[] words)
    {
        Native.EndWithParent();
        var arguments = new LoadArguments(words);
        var outcome = mode switch
        {
            "rate" => new RateLoad(arguments).Run(),
            "pingpong" => new PingPongLoad(arguments).Run(),
            "bulk" => new BulkLoad(arguments).Run(),
            "idle" => new IdleLoad(arguments).Run(),
            "tlsrate" => new TlsRateLoad(arguments).Run(),
            "tlsbulk" => new TlsBulkLoad(arguments).Run(),
            "tlsidle" => new TlsIdleLoad(arguments).Run(),
            "udp" => new UdpLoad(arguments).Run(),
            "udpidle" => new UdpIdleLoad(arguments).Run(),
            "verify" => new VerifyLoad(arguments).Run(),
            "web" => new WebLoad(arguments).Run(),
            "webdelay" => new WebDelayLoad(arguments).Run(),
            "webidle" => new WebIdleLoad(arguments).Run(),
            _ => throw new ArgumentException($"no load is called {mode}: rate, pingpong, bulk, idle, tlsrate, tlsbulk, tlsidle, udp, "
                + "udpidle, verify, web, webdelay, webidle"),
        };
        Console.WriteLine(JsonSerializer.Serialize(outcome));
        return outcome.Error is null ? 0 : 1;
    }
}
