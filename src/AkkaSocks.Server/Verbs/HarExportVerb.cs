using System.CommandLine;
using AkkaSocks.Server.Admin.Client;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks har export [FILE]</c>.</summary>
internal sealed class HarExportVerb : AdminVerb
{
    private readonly ExchangeOptions _which = new();
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "Where to; standard output unless given. A file that is there already is not written over.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The verb with its options.</summary>
    public HarExportVerb()
        : base("export", "Writes the exchanges that a node remembers as an HTTP Archive (HAR 1.2), which browsers and other tools read.")
    {
        Add(_file);
        _which.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var archive = await admin.ArchiveAsync(_which.Of(parsed));
        if (parsed.GetValue(_file) is not { } file)
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(archive);
            return ExitCode.Done;
        }

        try
        {
            await using var stream = new FileStream(file, FileMode.CreateNew);
            await stream.WriteAsync(archive);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new AdminFailedException($"cannot write {file}: {e.Message}");
        }

        Say(parsed, $"{archive.Length} bytes written to {file}");
        return ExitCode.Done;
    }
}
