using System.Collections.Immutable;
using Akka.Event;
using AkkaSocks.Server.Admin.Audit;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Admin;

/// <summary>What the admin API is given.</summary>
internal sealed record AdminWiring
{
    /// <summary>Who gets in.</summary>
    public required AdminGuard Guard { get; init; }

    /// <summary>What it asks.</summary>
    public required RegistryLink Registry { get; init; }

    /// <summary>Where changes are written down.</summary>
    public required AuditLog Audit { get; init; }

    /// <summary>The process log.</summary>
    public required ILoggingAdapter Log { get; init; }

    /// <summary>Where clients come in; asked for when needed, since the API is put together before the node starts.</summary>
    public required Func<ImmutableArray<ListenerDocument>> Listeners { get; init; }

    /// <summary>Paths that others serve.</summary>
    public ImmutableArray<AdminRoute> Besides { get; init; } = [];
}
