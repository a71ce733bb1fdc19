namespace AkkaSocks.Benchmarks.Proxies;

/// <summary><c>selfcheck</c>: every load against the origin with nothing between, and its bytes verified. It also shows what the
/// load generator can do at most: a proxy near these figures is not what was measured.</summary>
internal static class SelfCheck
{
    private static readonly string[][] Loads =
    [
        ["verify"],
        ["rate", "seconds=1"],
        ["rate", "seconds=1", "client-ends=1", "held=1000"],
        ["pingpong", "streams=1", "seconds=1"],
        ["pingpong", "streams=64", "seconds=1"],
        ["bulk", "direction=down", "seconds=1"],
        ["bulk", "direction=up", "seconds=1"],
        ["bulk", "direction=both", "seconds=1"],
        ["idle", "sessions=5000", "settle=0"],
    ];

    /// <summary>0 when all went well.</summary>
    public static int Run()
    {
        var port = new Ports().Next();
        var origin = ChildProcess.StartOrigin(port);
        try
        {
            return Loads.Count(load => !Passes(load, port)) == 0 ? 0 : 1;
        }
        finally
        {
            ChildProcess.Stop(origin);
        }
    }

    private static bool Passes(string[] load, int port)
    {
        string[] route = ["proto=direct", $"proxy=127.0.0.1:{port}", $"origin=127.0.0.1:{port}"];
        var outcome = LoadProcess.Start(load[0], [.. route, .. load[1..]]).Wait();
        var figures = string.Join(", ", outcome.Figures.Select(figure => $"{figure.Key} {figure.Value:0.##}"));
        var verdict = outcome.Error is null ? "ok    " : "FAILED";
        Console.WriteLine($"{verdict} {string.Join(' ', load)}: {outcome.Error ?? figures}");
        return outcome.Error is null;
    }
}
