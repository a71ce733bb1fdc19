using System.CommandLine;
using AkkaSocks.Server.Admin.Client;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary><c>akkasocks healthcheck</c>, for containers and scripts: the exit code is the answer. It needs no token.</summary>
internal sealed class HealthcheckVerb : AdminVerb
{
    private const string Health = "/healthz";
    private const string Readiness = "/readyz";

    private readonly Option<bool> _ready = new("--ready")
    {
        Description = "Asks whether clients may be sent there, not only whether it lives.",
    };

    /// <summary>The verb with its options.</summary>
    public HealthcheckVerb()
        : base("healthcheck", "Asks a node whether it is well; exit code 0 when it is, else 1.") => Add(_ready);

    /// <inheritdoc/>
    protected override bool NeedsToken => false;

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, AdminClient admin)
    {
        var health = await admin.HealthAsync(parsed.GetValue(_ready) ? Readiness : Health);
        Print(parsed, health, AdminJson.Default.HealthDocument, Text);
        return health.Reasons.IsEmpty ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Text(HealthDocument health) =>
        health.Reasons.IsEmpty ? $"{health.Status}\n" : $"{health.Status}: {string.Join("; ", health.Reasons)}\n";
}
