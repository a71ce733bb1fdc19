namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>The command line of <c>proxies</c>.</summary>
internal sealed record ProxiesOptions
{
    public const string Usage = """
        proxies [options]: AkkaSocks and every other proxy found here, interleaved
          --only A,B             these subjects only
          --measures A,B         of startup, first5000, rate, password, pingpong, bulk, healthy, tls, udp, idle, growth
          --rounds N             rounds (3, or 1 with --quick)
          --quick                a third of the time for each measurement
          --akkasocks PATH       this executable instead of publishing src/AkkaSocks.Server
          --variant NAME=FILE    AkkaSocks once more with the HOCON of FILE on top; may be repeated
          --markdown FILE        write the tables as Markdown too
        Executables are looked for in the folder AKKASOCKS_BENCH_PEERS, then on PATH.
        """;

    public IReadOnlyList<string> Only { get; private init; } = [];

    public IReadOnlyList<Measure> Measures { get; private init; } = Enum.GetValues<Measure>();

    public int Rounds { get; private init; }

    public Pace Pace { get; private init; } = Pace.Full;

    public string? AkkaSocks { get; private init; }

    public IReadOnlyList<(string Name, string File)> Variants { get; private init; } = [];

    public string? Markdown { get; private init; }

    /// <summary>Whether a subject of this name takes part.</summary>
    public bool Includes(string subject) => Only.Count == 0 || Only.Contains(subject);

    /// <summary>Throws <see cref="ArgumentException"/> on words it doesn't know.</summary>
    public static ProxiesOptions Parse(ReadOnlySpan<string> words) => Parse(words, new ProxiesOptions());

    private static ProxiesOptions Parse(ReadOnlySpan<string> words, ProxiesOptions soFar) => words switch
    {
        [] => soFar.Rounds > 0 ? soFar : soFar with { Rounds = soFar.Pace == Pace.Quick ? 1 : 3 },
        ["--quick", .. var rest] => Parse(rest, soFar with { Pace = Pace.Quick }),
        ["--only", var names, .. var rest] => Parse(rest, soFar with { Only = names.Split(',') }),
        ["--measures", var names, .. var rest]
            => Parse(rest, soFar with { Measures = [.. names.Split(',').Select(ParseMeasure)] }),
        ["--rounds", var count, .. var rest] when int.TryParse(count, out var rounds) && rounds > 0
            => Parse(rest, soFar with { Rounds = rounds }),
        ["--akkasocks", var path, .. var rest] => Parse(rest, soFar with { AkkaSocks = Path.GetFullPath(path) }),
        ["--variant", var pair, .. var rest] when pair.Split('=', 2) is [var name, var file]
            => Parse(rest, soFar with { Variants = [.. soFar.Variants, (name, file)] }),
        ["--markdown", var file, .. var rest] => Parse(rest, soFar with { Markdown = file }),
        [var word, ..] => throw new ArgumentException($"not understood: {word}"),
    };

    private static Measure ParseMeasure(string name)
        => Enum.TryParse<Measure>(name, ignoreCase: true, out var measure)
            ? measure
            : throw new ArgumentException($"no measure is called {name}");
}
