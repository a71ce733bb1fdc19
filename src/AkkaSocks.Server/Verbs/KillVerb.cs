using System.CommandLine;
using AkkaSocks.Server.Admin.Client;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks kill ID</c>.</summary>
internal sealed class KillVerb : AdminVerb
{
    private readonly Argument<string> _id = new("id") { Description = "The session's id, as `akkasocks sessions` lists it." };

    /// <summary>The verb.</summary>
    public KillVerb()
        : base("kill", "Ends a session, on whichever node it is.") => Add(_id);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var id = parsed.GetValue(_id)!;
        await admin.EndSessionAsync(id);
        Say(parsed, $"session {id} ended");
        return ExitCode.Done;
    }
}
