namespace AkkaSocks.Proxy.Settings;

/// <summary><c>auth.store</c>: where users outlive the process.</summary>
internal sealed record UserStoreSettings
{
    /// <summary><c>auth.store.kind</c>.</summary>
    public required UserStoreKind Kind { get; init; }

    /// <summary><c>auth.store.queue</c>: changes that may wait for the store; more are refused.</summary>
    public required int Queue { get; init; }

    /// <summary><c>auth.store.postgres.connection</c>: how to reach the database; a secret. Not empty when
    /// <see cref="Kind"/> is <see cref="UserStoreKind.Postgres"/>.</summary>
    public required string PostgresConnection { get; init; }
}

/// <summary>Which store.</summary>
internal enum UserStoreKind
{
    /// <summary>A file of each node; the nodes replicate users to each other.</summary>
    Embedded,

    /// <summary>One table of a PostgreSQL database that all nodes share.</summary>
    Postgres,

    /// <summary>None: the users of <c>auth.users</c> are all.</summary>
    None,
}
