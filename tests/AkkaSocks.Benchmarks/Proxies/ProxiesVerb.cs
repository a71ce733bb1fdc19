using System.Runtime.InteropServices;
using AkkaSocks.Benchmarks.Proxies.Peers;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary><c>proxies</c>: rounds in which each subject runs once, in an order that rotates, so that whatever else the machine
/// does meets all alike.</summary>
internal static class ProxiesVerb
{
    /// <summary>0; 1 when AkkaSocks can't be built; 2 for a command line that isn't understood. A subject that fails is a result,
    /// not a failure of the benchmark.</summary>
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words is ["--help"])
        {
            Console.WriteLine(ProxiesOptions.Usage);
            return 0;
        }

        ProxiesOptions options;
        try
        {
            options = ProxiesOptions.Parse(words);
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine($"{wrong.Message}\n{ProxiesOptions.Usage}");
            return 2;
        }

        string[] known = ["akkasocks", .. options.Variants.Select(variant => variant.Name), .. Subjects.Others.Select(other => other.Name)];
        if (options.Only.Except(known).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"--only: there is no {unknown}; there are {string.Join(", ", known)}");
            return 2;
        }

        using var arena = new Arena(options.Pace, options.Measures);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => arena.Dispose());
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => arena.Dispose());
        try
        {
            Compete(options, arena, Entrants(options, arena));
            return 0;
        }
        catch (InvalidOperationException unbuilt)
        {
            Console.Error.WriteLine(unbuilt.Message);
            return 1;
        }
    }

    private static List<(Subject Subject, string Executable)> Entrants(ProxiesOptions options, Arena arena)
    {
        var own = new[] { (Name: "akkasocks", File: (string?)null) }
            .Concat(options.Variants.Select(variant => (variant.Name, File: (string?)variant.File)))
            .Where(variant => options.Includes(variant.Name))
            .ToList();
        var executable = own.Count == 0 ? "" : options.AkkaSocks ?? Publishing.Publish(arena.NewFolder("published"));
        var entrants = new List<(Subject, string)>();
        foreach (var subject in own.Select(variant => new AkkaSocksServer(variant.Name, executable, variant.File))
            .Concat(Subjects.Others.Where(other => options.Includes(other.Name))))
        {
            if (subject.Find() is { } found)
            {
                entrants.Add((subject, found));
            }
            else
            {
                Console.Error.WriteLine($"{subject.Name}: not found on this machine");
            }
        }

        return entrants;
    }

    private static void Compete(ProxiesOptions options, Arena arena, List<(Subject Subject, string Executable)> entrants)
    {
        var board = new Scoreboard();
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var turn = 0; turn < entrants.Count; turn++)
            {
                var (subject, executable) = entrants[(turn + round) % entrants.Count];
                Console.Error.WriteLine($"round {round + 1} of {options.Rounds}: {subject.Name}");
                new Bout(subject, executable, arena, board).Run();
            }
        }

        var report = new Report(board, [.. entrants.Select(entrant => entrant.Subject)], options);
        Console.WriteLine(report.Write(markdown: false));
        if (options.Markdown is { } file)
        {
            File.WriteAllText(file, report.Write(markdown: true));
        }
    }
}
