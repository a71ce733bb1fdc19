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
        : base("export", "Writes the exchanges that the nodes remember as an HTTP Archive (HAR 1.2), which browsers and other tools read.")
    {
        Add(_file);
        _which.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        if (parsed.GetValue(_file) is not { } file)
        {
            await using var output = Console.OpenStandardOutput();
            await TellMissingAsync(await admin.ArchiveAsync(_which.Of(parsed), () => output));
            return ExitCode.Done;
        }

        FileStream? written = null;
        try
        {
            // Not before there is something to put into it.
            await TellMissingAsync(await admin.ArchiveAsync(_which.Of(parsed), () => written = new FileStream(file, FileMode.CreateNew)));
            Say(parsed, $"{written!.Length} bytes written to {file}");
            return ExitCode.Done;
        }
        catch (AdminFailedException) when (written is not null)
        {
            // Half an archive is none, and would be in the way of the next try.
            File.Delete(file);
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new AdminFailedException($"cannot write {file}: {e.Message}");
        }
        finally
        {
            if (written is not null)
                await written.DisposeAsync();
        }
    }

    private static async Task TellMissingAsync(string? silent)
    {
        if (silent is not null)
            await Console.Error.WriteLineAsync($"akkasocks: without {silent}, which did not answer");
    }
}
