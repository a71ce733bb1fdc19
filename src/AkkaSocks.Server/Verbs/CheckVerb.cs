using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks check</c>: what <c>run</c> would say to a configuration, without running.</summary>
internal sealed class CheckVerb : Command
{
    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,

        // For a terminal or a pipe, never for HTML: quotes stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The verb with its options.</summary>
    public CheckVerb()
        : base("check", "Checks the configuration and tells every problem with its file and line; exit code 2 when there is one.")
    {
        var files = ConfigOptions.Files();
        var json = new Option<bool>("--json") { Description = "Answers on standard output as JSON." };
        Add(files);
        Add(json);
        SetAction(parsed =>
        {
            var isGood = ConfigOptions.TryLoad(parsed.GetValue(files), [], out _, out var problems);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(new { Ok = isGood, Problems = problems }, JsonFormat));
            else if (isGood)
                Console.Out.WriteLine("The configuration is good.");
            else
                Tell(problems);
            return isGood ? ExitCode.Done : ExitCode.WrongUsage;
        });
    }

    /// <summary>Writes problems to standard error, one line each.</summary>
    public static void Tell(ImmutableArray<SettingsProblem> problems)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
    }
}
