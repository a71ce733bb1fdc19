using System.Collections.Immutable;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>Whose traffic the node that answers looks into.</summary>
/// <param name="Enabled"><c>mitm.enabled</c>; without, nothing else of this means anything.</param>
/// <param name="KeyLog"><c>mitm.key-log</c>: the secrets of TLS that is looked into are written to a file.</param>
/// <param name="Include"><c>mitm.scope.include</c>.</param>
/// <param name="Exclude"><c>mitm.scope.exclude</c>.</param>
/// <param name="Users"><c>mitm.scope.users</c>.</param>
/// <param name="Ports"><c>mitm.scope.ports</c>.</param>
/// <param name="Learned">What is passed through for now.</param>
internal sealed record InterceptionDocument(
    bool Enabled,
    bool KeyLog,
    ImmutableArray<string> Include,
    ImmutableArray<string> Exclude,
    ImmutableArray<string> Users,
    ImmutableArray<string> Ports,
    ImmutableArray<LearnedDocument> Learned)
{
    /// <summary>The document of a node.</summary>
    public static InterceptionDocument Of(MitmSettings settings, Interceptor? interceptor) => new(
        settings.Enabled,
        settings.Enabled && settings.KeyLog.Length > 0,
        [.. settings.Scope.Include.Select(it => it.Text)],
        [.. settings.Scope.Exclude.Select(it => it.Text)],
        settings.Scope.Users,
        [.. settings.Scope.Ports.Select(it => it.Count == 1 ? $"{it.First}" : $"{it.First}-{it.Last}")],
        [.. (interceptor?.Learned ?? []).Select(LearnedDocument.Of)]);
}

/// <summary>A name that is passed through untouched, for a while.</summary>
/// <param name="Name">The name that TLS asks for.</param>
/// <param name="User">For this user; null for an address, or for all.</param>
/// <param name="Address">For clients at this address; null for a user, or for all.</param>
/// <param name="Reason">pinned: the client has refused our certificate; client-certificate: the origin wants one of the client's.</param>
/// <param name="Until">When it is forgotten.</param>
internal sealed record LearnedDocument(string Name, string? User, string? Address, string Reason, DateTimeOffset Until)
{
    /// <summary>The document of a lesson.</summary>
    public static LearnedDocument Of(Learned learned) => new(
        learned.Name, learned.Who.User?.ToString(), learned.Who.Address?.ToString(), learned.Reason.ToLabel(), learned.Until);
}
