namespace AkkaSocks.Proxy.Settings;

/// <summary><c>metrics.otlp</c>: where figures and spans are sent.</summary>
internal sealed record OtlpSettings
{
    /// <summary><c>metrics.otlp.endpoint</c>: the collector's.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary><c>metrics.otlp.protocol</c>.</summary>
    public required OtlpProtocol Protocol { get; init; }

    /// <summary><c>metrics.otlp.interval</c>: from one sending of figures to the next.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary><c>metrics.otlp.trace-every</c>: one session in so many becomes a span; 0 for none.</summary>
    public required int TraceEvery { get; init; }
}

/// <summary>An entry of <c>metrics.otlp.protocol</c>.</summary>
internal enum OtlpProtocol
{
    /// <summary>gRPC, by HTTP/2 without TLS or with it.</summary>
    Grpc,

    /// <summary>Protobuf by HTTP/1.1.</summary>
    Http,
}
