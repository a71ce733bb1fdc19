using System.CommandLine;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks log-level [LEVEL]</c>.</summary>
internal sealed class LogLevelVerb : AdminVerb
{
    private readonly Argument<string> _level = new("level")
    {
        Arity = ArgumentArity.ZeroOrOne, Description = "debug, info, warning or error; tells the level that is unless given.",
    };

    /// <summary>The verb.</summary>
    public LogLevelVerb()
        : base("log-level", "Tells or changes from which level on a node writes its log, until it is started again.") => Add(_level);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var level = await admin.LogLevelAsync(parsed.GetValue(_level));
        Print(parsed, level, AdminJson.Default.LogLevelDocument, it => $"{it.Level}\n");
        return ExitCode.Done;
    }
}
