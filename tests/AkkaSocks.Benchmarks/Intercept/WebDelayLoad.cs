using System.Diagnostics;
using AkkaSocks.Benchmarks.Proxies.Load;

namespace AkkaSocks.Benchmarks.Intercept;

/// <summary>What the proxy adds to a request on a connection that stays: one request directly, one through it, and so on, so that both
/// meet the same machine. Keys: pairs, warm (pairs before counting).</summary>
internal sealed class WebDelayLoad(LoadArguments arguments)
{
    public LoadOutcome Run()
    {
        using var direct = new WebClient(arguments.Route with { Socks = false });
        using var proxied = new WebClient(arguments.Route);
        var (without, with) = (new Latencies(), new Latencies());
        try
        {
            Pairs(arguments.Count("warm", 1500));
            without.Clear();
            with.Clear();
            Pairs(arguments.Count("pairs", 3000));
        }
        catch (HttpRequestException failed)
        {
            return new LoadOutcome([], failed.Message);
        }

        var (straight, figures) = (new Dictionary<string, double>(), new Dictionary<string, double>());
        without.Report(straight);
        with.Report(figures);
        foreach (var (name, value) in straight)
        {
            figures[$"direct_{name}"] = value;
        }

        return new LoadOutcome(figures, null);

        void Pairs(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Time(direct, without);
                Time(proxied, with);
            }
        }
    }

    private static void Time(WebClient client, Latencies latencies)
    {
        var started = Stopwatch.GetTimestamp();
        client.AskAsync().GetAwaiter().GetResult();
        latencies.Add(started, Stopwatch.GetTimestamp());
    }
}
