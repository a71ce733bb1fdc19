namespace AkkaSocks.Proxy.Settings;

/// <summary><c>metrics</c>: the node's figures, for other programs.</summary>
internal sealed record MetricsSettings
{
    /// <summary><c>metrics.prometheus</c>: who may read <c>/metrics</c>.</summary>
    public required PrometheusAccess Prometheus { get; init; }

    /// <summary><c>metrics.per-user</c>: users with figures of their own; null for none.</summary>
    public required int? PerUser { get; init; }

    /// <summary><c>metrics.actors</c>: whether actors are measured.</summary>
    public required bool Actors { get; init; }

    /// <summary><c>metrics.otlp</c>; null when nothing is sent.</summary>
    public required OtlpSettings? Otlp { get; init; }
}

/// <summary>An entry of <c>metrics.prometheus</c>.</summary>
internal enum PrometheusAccess
{
    /// <summary>Whoever reaches the admin port.</summary>
    Open,

    /// <summary>Whoever has the admin token.</summary>
    Token,

    /// <summary>Nobody.</summary>
    Off,
}
