namespace AkkaSocks.Benchmarks.Intercept;

/// <summary>The command line of <c>intercept</c>.</summary>
internal sealed record InterceptOptions
{
    public const string Usage = """
        intercept [options]: what looking into HTTPS costs; mitmproxy beside it where there is one
          --measures A,B         of mint, delay, rate, idle, scope
          --rounds N             rounds of rate and scope, interleaved (3)
          --akkasocks PATH       this executable instead of publishing src/AkkaSocks.Server
        """;

    public IReadOnlyList<InterceptMeasure> Measures { get; private init; } = Enum.GetValues<InterceptMeasure>();

    public int Rounds { get; private init; } = 3;

    public string? AkkaSocks { get; private init; }

    /// <summary>Reads it.</summary>
    /// <exception cref="ArgumentException">A word is not known.</exception>
    public static InterceptOptions Parse(ReadOnlySpan<string> words) => Parse(words, new InterceptOptions());

    private static InterceptOptions Parse(ReadOnlySpan<string> words, InterceptOptions soFar) => words switch
    {
        [] => soFar,
        ["--measures", var names, .. var rest] => Parse(rest, soFar with { Measures = [.. names.Split(',').Select(ParseMeasure)] }),
        ["--rounds", var count, .. var rest] when int.TryParse(count, out var rounds) && rounds > 0
            => Parse(rest, soFar with { Rounds = rounds }),
        ["--akkasocks", var path, .. var rest] => Parse(rest, soFar with { AkkaSocks = Path.GetFullPath(path) }),
        [var word, ..] => throw new ArgumentException($"not understood: {word}"),
    };

    private static InterceptMeasure ParseMeasure(string name)
        => Enum.TryParse<InterceptMeasure>(name, ignoreCase: true, out var measure)
            ? measure
            : throw new ArgumentException($"no measure is called {name}");
}
