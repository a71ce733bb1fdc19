using AkkaSocks.Benchmarks.Proxies.Load;
using AkkaSocks.Benchmarks.Proxies.Peers;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>
/// One subject in one round: up to three processes, each fresh.
/// <code>
/// plain     startup ─► first 5,000 ─► bytes verified ─► rate ─► round trips ─► bulk ─► healthy under bulk
/// memory    idle ─► growth             (memory that earlier load left behind would hide the cost of a session)
/// password  rate
/// </code>
/// A failure is recorded and ends what depends on it; it never becomes a figure.
/// </summary>
internal sealed class Bout(Subject subject, string executable, Arena arena, Scoreboard board)
{
    private static readonly Credentials Known = new("alice", "correct horse battery staple");
    private readonly HashSet<Measure> _measures = [.. arena.Measures];

    public void Run()
    {
        InProcess(null, [Measure.Startup, Measure.First5000, Measure.Rate, Measure.PingPong, Measure.Bulk, Measure.Healthy], Plain);
        InProcess(null, [Measure.Idle, Measure.Growth], Memory);
        if (subject.TakesPassword)
        {
            InProcess(Known, [Measure.Password], Password);
        }
    }

    private void InProcess(Credentials? credentials, Measure[] measures, Action<RunningSubject, Site> body)
    {
        var wanted = measures.Where(_measures.Contains).ToArray();
        if (wanted.Length == 0)
        {
            return;
        }

        var site = arena.NewSite(subject.Name, credentials);
        try
        {
            using var running = new RunningSubject(subject.Prepare(site, executable), site.Port, site.Directory);
            arena.Running = running;
            body(running, site);
        }
        catch (InvalidOperationException unfit)
        {
            Array.ForEach(wanted, measure => board.Fail(subject.Name, measure, unfit.Message));
        }
        finally
        {
            arena.Running = null;
        }
    }

    private void Plain(RunningSubject running, Site site)
    {
        if (_measures.Contains(Measure.Startup))
        {
            board.Add(subject.Name, "startup.ms", running.StartMilliseconds);
            board.Add(subject.Name, "startup.rss", ProcessTree.Read(running.Processes).RssKib / 1024.0);
        }

        var first = _measures.Contains(Measure.First5000)
            ? Load(Measure.First5000, "rate", running, site, "connections=5000", "warm=0")
            : null;
        if (LoadProcess.Start("verify", Words(running, site)).Wait().Error is { } corrupt)
        {
            throw new InvalidOperationException(corrupt);
        }

        if (_measures.Contains(Measure.Rate) || first is not null)
        {
            var rate = Load(Measure.Rate, "rate", running, site, $"seconds={arena.Pace.Rate}", $"warm={arena.Pace.WarmConnections}");
            Record(rate, ("rate.cps", "connections_per_second"), ("rate.cpu", "cpu_us"), ("rate.p99", "p99_us"));
            if (first is not null && rate is not null)
            {
                board.Add(subject.Name, "first.ratio", first["connections_per_second"] / rate["connections_per_second"]);
            }
        }

        if (_measures.Contains(Measure.PingPong))
        {
            foreach (var streams in new[] { 1, 64 })
            {
                var trips = Load(Measure.PingPong, "pingpong", running, site, $"streams={streams}", $"seconds={arena.Pace.PingPong}");
                Record(trips, ($"pp{streams}.rps", "trips_per_second"), ($"pp{streams}.cpu", "cpu_us"), ($"pp{streams}.p50", "p50_us"),
                    ($"pp{streams}.p99", "p99_us"));
            }
        }

        if (_measures.Contains(Measure.Bulk))
        {
            foreach (var direction in new[] { "down", "up", "both" })
            {
                var bulk = Load(Measure.Bulk, "bulk", running, site, $"direction={direction}", $"seconds={arena.Pace.Bulk}");
                Record(bulk, ($"{direction}.gbps", "gigabytes_per_second"), ($"{direction}.cpu", "cpu_s_per_gb"));
            }
        }

        if (_measures.Contains(Measure.Healthy))
        {
            HealthyUnderBulk(running, site);
        }
    }

    private void HealthyUnderBulk(RunningSubject running, Site site)
    {
        var bulk = LoadProcess.Start("bulk", [.. Words(running, site), "direction=both", $"seconds={arena.Pace.PingPong + 2}"]);
        // The quiet origin carries no bulk, so that what is waited for is the proxy and not the other end.
        var quiet = subject.Standing == Standing.Floor ? site with { Port = site.QuietPort } : site;
        var trips = Load(Measure.Healthy, "pingpong", running, quiet with { OriginPort = site.QuietOriginPort }, "streams=1", "warm=1", $"seconds={arena.Pace.PingPong}");
        if (Check(Measure.Healthy, running, bulk.Wait()) is not null)
        {
            Record(trips, ("healthy.p50", "p50_us"), ("healthy.p99", "p99_us"));
        }
    }

    private void Memory(RunningSubject running, Site site)
    {
        if (_measures.Contains(Measure.Idle) && Load(Measure.Idle, "rate", running, site, "connections=500", "concurrency=16", "warm=0") is not null)
        {
            var idle = Load(Measure.Idle, "idle", running, site, "sessions=5000");
            Record(idle, ("idle.rss", "rss_kib_per_session"), ("idle.pss", "pss_kib_per_session"), ("idle.fds", "descriptors_per_session"),
                ("idle.total", "rss_mib"));
        }

        foreach (var held in _measures.Contains(Measure.Growth) ? Metric.Steps : [])
        {
            var rate = Load(Measure.Growth, "rate", running, site, $"held={held}", $"seconds={arena.Pace.Growth}");
            Record(rate, ($"growth{held}.cps", "connections_per_second"), ($"growth{held}.cpu", "cpu_us"));
            var trips = Load(Measure.Growth, "pingpong", running, site, $"held={held}", "streams=64", $"seconds={arena.Pace.Growth}");
            Record(trips, ($"growth{held}.rps", "trips_per_second"), ($"growth{held}.p99", "p99_us"));
        }
    }

    private void Password(RunningSubject running, Site site)
        => Record(
            Load(Measure.Password, "rate", running, site, $"seconds={arena.Pace.Rate}", $"warm={arena.Pace.WarmConnections}"),
            ("password.cps", "connections_per_second"), ("password.cpu", "cpu_us"));

    /// <summary>Runs a load to its end; null when it failed.</summary>
    private Dictionary<string, double>? Load(Measure measure, string mode, RunningSubject running, Site site, params string[] words)
        => Check(measure, running, LoadProcess.Start(mode, [.. Words(running, site), .. words]).Wait());

    private Dictionary<string, double>? Check(Measure measure, RunningSubject running, LoadOutcome outcome)
    {
        if (outcome.Error is null)
        {
            return outcome.Figures;
        }

        var tail = running.Tail();
        board.Fail(subject.Name, measure, outcome.Error + (tail.Length > 0 ? $" (it wrote: {tail})" : ""));
        return null;
    }

    private void Record(Dictionary<string, double>? figures, params (string Metric, string Figure)[] pairs)
    {
        foreach (var (metric, figure) in figures is null ? [] : pairs)
        {
            board.Add(subject.Name, metric, figures![figure]);
        }
    }

    private IEnumerable<string> Words(RunningSubject running, Site site) =>
    [
        $"proxy=127.0.0.1:{site.Port}", $"origin=127.0.0.1:{site.OriginPort}", $"pids={string.Join(',', running.Processes)}",
        $"proto={(subject.Standing == Standing.Floor ? "direct" : "socks")}",
        .. site.Credentials is { } c ? new[] { $"user={c.User}", $"password={c.Password}" } : [],
    ];
}
