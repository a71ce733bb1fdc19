namespace AkkaSocks.Proxy.Settings;

/// <summary><c>transport</c>.</summary>
internal sealed record TransportSettings
{
    /// <summary><c>transport.kind</c>.</summary>
    public required TransportKind Kind { get; init; }

    /// <summary><c>transport.event-loops</c>: loop threads; resolved from <c>auto</c>.</summary>
    public required int EventLoops { get; init; }

    /// <summary><c>transport.tls-threads</c>: threads for TLS handshakes; resolved from <c>auto</c>.</summary>
    public required int TlsThreads { get; init; }

    /// <summary><c>transport.backlog</c>: connections the kernel may hold before accept.</summary>
    public required int Backlog { get; init; }
}

/// <summary>Which sockets.</summary>
internal enum TransportKind
{
    /// <summary>Epoll on Linux, sockets elsewhere.</summary>
    Auto,

    /// <summary>Event loops (Linux).</summary>
    Epoll,

    /// <summary>System.Net.Sockets.</summary>
    Sockets,
}
