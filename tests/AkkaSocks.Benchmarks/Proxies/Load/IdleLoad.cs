using System.Diagnostics;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>What a session costs that does nothing: memory and descriptors of the proxy before and after the sessions are opened,
/// each with one exchange. All must answer again at the end. Keys: sessions, settle (seconds before measuring).</summary>
internal sealed class IdleLoad(LoadArguments arguments)
{
    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        var count = arguments.Count("sessions", 5000);
        var before = ProcessTree.Read(arguments.Processes);
        var sessions = new Sessions(arguments.Route, count);
        var started = Stopwatch.GetTimestamp();
        if (sessions.Open(120) is { } refused)
        {
            return new LoadOutcome(figures, refused);
        }

        figures["opened_per_second"] = count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Native.Pause((int)(arguments.Number("settle", 3) * 1000));
        var after = ProcessTree.Read(arguments.Processes);
        figures["rss_kib_per_session"] = (after.RssKib - before.RssKib) / (double)count;
        figures["pss_kib_per_session"] = (after.PssKib - before.PssKib) / (double)count;
        figures["descriptors_per_session"] = (after.Descriptors - before.Descriptors) / (double)count;
        figures["rss_mib"] = after.RssKib / 1024.0;
        figures["threads"] = after.Threads;
        return new LoadOutcome(figures, sessions.Prove(30));
    }
}
