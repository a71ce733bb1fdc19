using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Benchmarks.Proxies;
using AkkaSocks.Benchmarks.Proxies.Peers;
using AkkaSocks.Mitm.Certificates;

namespace AkkaSocks.Benchmarks.Intercept;

/// <summary><c>intercept</c>: each measure by itself, each proxy in a process of its own, rounds interleaved so that whatever else the
/// machine does meets all alike.</summary>
internal sealed class InterceptVerb : IDisposable
{
    private static readonly string On = $"{Scoped("127.0.0.0/8")}, upstream.verify = off";

    private readonly InterceptOptions _options;
    private readonly Arena _arena = new(Pace.Full, []);
    private readonly string _executable;
    private readonly Process _webOrigin;
    private readonly int _webPort = new Ports().Next();

    private InterceptVerb(InterceptOptions options)
    {
        _options = options;
        _webOrigin = ChildProcess.StartOrigin(_webPort, "weborigin");
        _executable = options.AkkaSocks ?? Publishing.Publish(_arena.NewFolder("published"));
    }

    /// <summary>0; 1 when something could not be measured, which is told; 2 for a command line that isn't understood.</summary>
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words is ["--help"])
        {
            Console.WriteLine(InterceptOptions.Usage);
            return 0;
        }

        InterceptOptions options;
        try
        {
            options = InterceptOptions.Parse(words);
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine($"{wrong.Message}\n{InterceptOptions.Usage}");
            return 2;
        }

        try
        {
            using var verb = new InterceptVerb(options);
            using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => verb.Dispose());
            using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => verb.Dispose());
            verb.Run();
            return 0;
        }
        catch (InvalidOperationException failed)
        {
            Console.Error.WriteLine(failed.Message);
            return 1;
        }
    }

    public void Dispose()
    {
        _arena.Dispose();
        ChildProcess.Stop(_webOrigin);
    }

    private void Run()
    {
        Console.WriteLine(Machine.Describe());
        foreach (var measure in _options.Measures)
        {
            switch (measure)
            {
                case InterceptMeasure.Mint:
                    Mint();
                    break;
                case InterceptMeasure.Delay:
                    Delay();
                    break;
                case InterceptMeasure.Rate:
                    Rate();
                    break;
                case InterceptMeasure.Idle:
                    Idle();
                    break;
                default:
                    Scope();
                    break;
            }
        }
    }

    private void Mint()
    {
        var folder = Path.Combine(_arena.NewFolder("authority"), "ca");
        AuthorityFiles.Create(folder);
        using var authority = new LeafAuthority(
            X509Certificate2.CreateFromPemFile(Path.Combine(folder, "ca.pem"), Path.Combine(folder, "ca.key")), TimeSpan.FromDays(90));
        var cache = new LeafCache(authority, 4096, TimeProvider.System);
        foreach (var name in Names("warm", 200))
        {
            cache.For(name, null);
        }

        string[] names = [.. Names("new", 500)];
        Report("sign", Quantiles(names));
        Report("find again", Quantiles(names));

        double[] Quantiles(string[] hosts)
        {
            double[] times = [.. hosts.Select(host =>
            {
                var started = Stopwatch.GetTimestamp();
                cache.For(host, null);
                return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            })];
            return [.. times.Order()];
        }

        static IEnumerable<string> Names(string kind, int count) => Enumerable.Range(0, count).Select(i => $"{kind}-{i}.example.test");
    }

    private void Delay()
    {
        var figures = Measure(Opener.AkkaSocks("akkasocks", _executable, On), "webdelay");
        Console.WriteLine(
            $"delay  p50 {figures["p50_us"]:0} µs, directly {figures["direct_p50_us"]:0}; "
            + $"p99 {figures["p99_us"]:0}, {figures["direct_p99_us"]:0}");
    }

    private void Rate()
    {
        var openers = new List<Opener> { Opener.AkkaSocks("akkasocks", _executable, On) };
        if (Executables.Find("mitmdump") is { } mitmdump)
        {
            openers.Add(Opener.Mitmproxy(mitmdump));
        }

        Interleaved("rate", openers, "requests_per_second", "requests/s", "web", "connections=8", "streams=8");
    }

    private void Idle()
    {
        foreach (var count in new[] { 100, 500 })
        {
            var figures = Measure(Opener.AkkaSocks("akkasocks", _executable, On), "webidle", $"connections={count}");
            Console.WriteLine(
                $"idle   {count} connections: {figures["rss_kib_per_connection"]:0} KiB each, {figures["rss_mib"]:0} MiB in all");
        }
    }

    /// <summary>Named in the request, an address may yet turn out to be a name that is in scope: such sessions are listened to.</summary>
    private void Scope() => Interleaved(
        "scope",
        [
            Opener.AkkaSocks("off", _executable, ""),
            Opener.AkkaSocks("another port", _executable, "enabled = on, scope { include = [\"*\"], ports = [443] }"),
            Opener.AkkaSocks("another address", _executable, Scoped("192.0.2.0/24")),
            Opener.AkkaSocks("perhaps a name", _executable, Scoped("*.example.test")),
        ],
        "connections_per_second",
        "connections/s",
        "rate",
        "warm=20000",
        "seconds=3");

    private void Interleaved(string measure, List<Opener> openers, string figure, string unit, string load, params string[] words)
    {
        var samples = openers.ToDictionary(opener => opener, _ => new List<(double Rate, double Cpu)>());
        for (var round = 0; round < _options.Rounds; round++)
        {
            for (var turn = 0; turn < openers.Count; turn++)
            {
                var opener = openers[(turn + round) % openers.Count];
                var figures = Measure(opener, load, words);
                samples[opener].Add((figures[figure], figures["cpu_us"]));
            }
        }

        var first = Median(samples[openers[0]].Select(it => it.Rate));
        foreach (var (opener, rounds) in samples)
        {
            var (rate, cpu) = (Median(rounds.Select(it => it.Rate)), Median(rounds.Select(it => it.Cpu)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{measure,-6} {opener.Name,-16} {rate,8:#,0} {unit} ({rate / first:0.00}), CPU {cpu:#,0} µs each; "
                + $"rounds: {string.Join(", ", rounds.Select(it => $"{it.Rate:0}"))}"));
        }
    }

    /// <summary>One load against one proxy.</summary>
    private Dictionary<string, double> Measure(Opener opener, string load, params string[] words)
    {
        var site = _arena.NewSite(opener.Name.Replace(' ', '-'), null);
        using var running = new RunningSubject(opener.Prepare(site), site.Port, site.Directory);
        _arena.Running = running;
        var port = load.StartsWith("web", StringComparison.Ordinal) ? _webPort : site.OriginPort;
        string[] route = [$"proxy=127.0.0.1:{site.Port}", $"origin=127.0.0.1:{port}", $"pids={string.Join(',', running.Processes)}"];
        var outcome = LoadProcess.Start(load, [.. route, .. words]).Wait();
        _arena.Running = null;
        return outcome.Error is null
            ? outcome.Figures
            : throw new InvalidOperationException($"{opener.Name} failed at {load}: {outcome.Error} {running.Tail()}");
    }

    private static string Scoped(string include) => $"enabled = on, scope {{ include = [\"{include}\"], ports = [\"1-65535\"] }}";

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static void Report(string what, double[] sorted) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"mint   {what,-16} p50 {sorted[sorted.Length / 2]:0.0} µs, p99 {sorted[sorted.Length * 99 / 100]:0.0}, most {sorted[^1]:0.0}"));
}
