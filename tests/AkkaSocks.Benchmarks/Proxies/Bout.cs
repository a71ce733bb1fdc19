using AkkaSocks.Benchmarks.Proxies.Load;
using AkkaSocks.Benchmarks.Proxies.Peers;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>
/// One subject in one round: several processes, each fresh.
/// <code>
/// plain     startup ─► first 5,000 ─► bytes verified ─► rate ─► round trips ─► bulk ─► healthy under bulk
/// idle      one process per number of sessions     (memory that earlier load left behind would hide the cost of a session)
/// growth    warmed ─► rate, round trips ─► the same with more sessions open …
/// password  rate
/// udp       relayed ─► half of that; idle in a process of its own
/// tls       resumed rate ─► full rate ─► bulk; idle in a process of its own
/// </code>
/// A failure is recorded and ends what depends on it; it never becomes a figure.
/// </summary>
internal sealed class Bout(Subject subject, string executable, Arena arena, Scoreboard board)
{
    private static readonly Credentials Known = new("alice", "correct-horse-battery-staple");

    public void Run()
    {
        InProcess(
            null, [Measure.Startup, Measure.First5000, Measure.Rate, Measure.PingPong, Measure.Bulk, Measure.Healthy], Plain);
        Array.ForEach(Metric.IdleSteps, count => InProcess(null, [Measure.Idle], (running, site) => Idle(running, site, count)));
        InProcess(null, [Measure.Growth], Growth);
        if (subject.TakesPassword)
        {
            InProcess(Known, [Measure.Password], (running, site) => Rate("password", running, site));
        }

        if (subject.TakesUdp)
        {
            InProcess(null, [Measure.Udp], Udp);
            InProcess(null, [Measure.Udp], UdpTogether);
            InProcess(null, [Measure.Udp], UdpIdle);
        }

        if (subject.TakesTls)
        {
            OnSite(() => arena.NewTlsSite(subject.Name), [Measure.Tls], Tls);
            OnSite(() => arena.NewTlsSite(subject.Name), [Measure.Tls], TlsIdle);
        }
    }

    private bool Wanted(Measure measure) => arena.Measures.Contains(measure);

    private void InProcess(Credentials? credentials, Measure[] measures, Action<RunningSubject, Site> body)
        => OnSite(() => arena.NewSite(subject.Name, credentials), measures, body);

    private void OnSite(Func<Site> newSite, Measure[] measures, Action<RunningSubject, Site> body)
    {
        if (!measures.Any(Wanted))
        {
            return;
        }

        var site = newSite();
        try
        {
            using var running = new RunningSubject(subject.Prepare(site, executable), site.Port, site.Directory);
            arena.Running = running;
            body(running, site);
        }
        catch (InvalidOperationException unfit)
        {
            var meant = Metric.All.Where(metric => Wanted(metric.Measure) && measures.Contains(metric.Measure));
            foreach (var load in meant.Select(metric => metric.Load).Distinct())
            {
                board.Fail(subject.Name, load, unfit.Message);
            }
        }
        finally
        {
            arena.Running = null;
        }
    }

    private void Plain(RunningSubject running, Site site)
    {
        if (Wanted(Measure.Startup))
        {
            board.Add(subject.Name, "startup.ms", running.StartMilliseconds);
            board.Add(subject.Name, "startup.rss", ProcessTree.Read(running.Processes).RssKib / 1024.0);
        }

        var first = Wanted(Measure.First5000) ? Load("first", "rate", running, site, "connections=5000", "warm=0") : null;
        if (LoadProcess.Start("verify", Words(running, site)).Wait().Error is { } corrupt)
        {
            throw new InvalidOperationException(corrupt);
        }

        if ((Wanted(Measure.Rate) || first is not null) && Rate("rate", running, site) is { } warmed && first is not null)
        {
            board.Add(subject.Name, "first.ratio", first["connections_per_second"] / warmed["connections_per_second"]);
        }

        foreach (var streams in Wanted(Measure.PingPong) ? new[] { 1, 64 } : [])
        {
            var trips = Load($"pp{streams}", "pingpong", running, site, $"streams={streams}", $"seconds={arena.Pace.PingPong}");
            Record($"pp{streams}", trips, ("rps", "trips_per_second"), ("cpu", "cpu_us"), ("p50", "p50_us"), ("p99", "p99_us"));
        }

        foreach (var direction in Wanted(Measure.Bulk) ? new[] { "down", "up", "both" } : [])
        {
            var bulk = Load(direction, "bulk", running, site, $"direction={direction}", $"seconds={arena.Pace.Bulk}");
            Record(direction, bulk, ("gbps", "gigabytes_per_second"), ("cpu", "cpu_s_per_gb"));
        }

        if (Wanted(Measure.Healthy))
        {
            HealthyUnderBulk(running, site);
        }
    }

    private Dictionary<string, double>? Rate(string load, RunningSubject running, Site site)
    {
        var rate = Load(load, "rate", running, site, $"seconds={arena.Pace.Rate}", $"warm={Pace.WarmConnections}");
        Record(load, rate, ("cps", "connections_per_second"), ("cpu", "cpu_us"), ("p99", "p99_us"));
        return rate;
    }

    private void HealthyUnderBulk(RunningSubject running, Site site)
    {
        var bulk = LoadProcess.Start("bulk", [.. Words(running, site), "direction=both", $"seconds={arena.Pace.PingPong + 2}"]);
        // The quiet origin carries no bulk, so that what is waited for is the proxy and not the other end.
        var quiet = subject.Standing == Standing.Floor ? site with { Port = site.QuietPort } : site;
        quiet = quiet with { OriginPort = site.QuietOriginPort };
        var trips = Load("healthy", "pingpong", running, quiet, "streams=1", "warm=1", $"seconds={arena.Pace.PingPong}");
        if (Check("healthy", running, bulk.Wait()) is not null)
        {
            Record("healthy", trips, ("p50", "p50_us"), ("p99", "p99_us"));
        }
    }

    private void Idle(RunningSubject running, Site site, int count)
    {
        var load = $"idle{count}";
        if (Load(load, "rate", running, site, "connections=500", "concurrency=16", "warm=0") is not null)
        {
            var idle = Load(load, "idle", running, site, $"sessions={count}");
            Record(
                load, idle, ("rss", "rss_kib_per_session"), ("pss", "pss_kib_per_session"), ("fds", "descriptors_per_session"));
        }
    }

    private void Tls(RunningSubject running, Site site)
    {
        var seconds = $"seconds={arena.Pace.Rate}";
        var resumed = Load("tls", "tlsrate", running, site, seconds, $"warm={Pace.WarmConnections / 2}");
        Record("tls", resumed, ("cps", "connections_per_second"), ("cpu", "cpu_us"));
        var full = Load("tlsfull", "tlsrate", running, site, seconds, "warm=1000", "resume=0");
        Record("tlsfull", full, ("cps", "connections_per_second"), ("cpu", "cpu_us"));
        foreach (var direction in new[] { "down", "up" })
        {
            var bulk = Load($"tls{direction}", "tlsbulk", running, site, $"direction={direction}", $"seconds={arena.Pace.Bulk}");
            Record($"tls{direction}", bulk, ("gbps", "gigabytes_per_second"), ("cpu", "cpu_s_per_gb"));
        }
    }

    private void TlsIdle(RunningSubject running, Site site)
    {
        if (Load("tlsidle", "tlsrate", running, site, "seconds=1", "warm=500") is not null)
        {
            Record("tlsidle", Load("tlsidle", "tlsidle", running, site, "sessions=2000"), ("rss", "rss_kib_per_session"));
        }
    }

    private void Udp(RunningSubject running, Site site)
        => Record("udp", Load("udp", "udp", running, site, $"seconds={arena.Pace.PingPong}"),
            ("pps", "packets_per_second"), ("cpu", "cpu_us"), ("loss", "loss_percent"));

    private void UdpTogether(RunningSubject running, Site site)
        => Record("udptogether", Load("udptogether", "udp", running, site, $"seconds={arena.Pace.PingPong}", "together=1", "bytes=1200"),
            ("pps", "packets_per_second"), ("cpu", "cpu_us"), ("loss", "loss_percent"));

    private void UdpIdle(RunningSubject running, Site site)
    {
        if (Load("udpidle", "udp", running, site, "seconds=1") is not null)
        {
            Record(
                "udpidle", Load("udpidle", "udpidle", running, site),
                ("rss", "rss_kib_per_association"), ("fds", "descriptors_per_association"));
        }
    }

    private void Growth(RunningSubject running, Site site)
    {
        var warm = $"connections={Pace.WarmConnections}";
        if (Load($"growth{Metric.GrowthSteps[0]}", "rate", running, site, warm, "warm=0") is null)
        {
            return;
        }

        foreach (var held in Metric.GrowthSteps)
        {
            var load = $"growth{held}";
            string[] words = [$"held={held}", $"seconds={arena.Pace.Growth}"];
            var rate = Load(load, "rate", running, site, words);
            var trips = rate is null ? null : Load(load, "pingpong", running, site, ["streams=64", .. words]);
            Record(load, rate, ("cps", "connections_per_second"), ("cpu", "cpu_us"));
            Record(load, trips, ("rps", "trips_per_second"), ("p99", "p99_us"));
        }
    }

    /// <summary>Runs a load to its end; null when it failed.</summary>
    private Dictionary<string, double>? Load(string load, string mode, RunningSubject running, Site site, params string[] words)
        => Check(load, running, LoadProcess.Start(mode, [.. Words(running, site), .. words]).Wait());

    private Dictionary<string, double>? Check(string load, RunningSubject running, LoadOutcome outcome)
    {
        if (outcome.Error is null)
        {
            return outcome.Figures;
        }

        var tail = running.Tail();
        board.Fail(subject.Name, load, outcome.Error + (tail.Length > 0 ? $" (it wrote: {tail})" : ""));
        return null;
    }

    private void Record(string load, Dictionary<string, double>? figures, params (string Column, string Figure)[] pairs)
    {
        foreach (var (column, figure) in figures is null ? [] : pairs)
        {
            board.Add(subject.Name, $"{load}.{column}", figures![figure]);
        }
    }

    private IEnumerable<string> Words(RunningSubject running, Site site) =>
    [
        $"proxy=127.0.0.1:{site.Port}", $"origin=127.0.0.1:{site.OriginPort}", $"pids={string.Join(',', running.Processes)}",
        $"proto={(subject.Standing == Standing.Floor ? "direct" : "socks")}",
        .. site.Credentials is { } c ? new[] { $"user={c.User}", $"password={c.Password}" } : [],
    ];
}
