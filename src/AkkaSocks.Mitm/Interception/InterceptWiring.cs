using AkkaSocks.Mitm.Certificates;
using AkkaSocks.Mitm.Handing;
using AkkaSocks.Mitm.KeyLogging;
using AkkaSocks.Mitm.Sniffing;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Mitm.Interception;

/// <summary>What a tunnel is given. Nothing in it changes: a reload makes another one, for the tunnels that begin then.</summary>
internal sealed record InterceptWiring
{
    /// <summary>The settings it lives by.</summary>
    public required MitmSettings Settings { get; init; }

    /// <summary>Which tunnels are looked into.</summary>
    public required InterceptScope Scope { get; init; }

    /// <summary>Tells what a client speaks.</summary>
    public required Sniffer Sniffer { get; init; }

    /// <summary>Where the secrets of TLS are written; null for nowhere.</summary>
    public required KeyLog? KeyLog { get; init; }

    /// <summary>TLS towards origins.</summary>
    public required OriginTls OriginTls { get; init; }

    /// <summary>The certificates that clients are shown.</summary>
    public required LeafCache Leaves { get; init; }

    /// <summary>Who is passed through.</summary>
    public required PassThroughMemory Memory { get; init; }

    /// <summary>Carries what is not HTTP.</summary>
    public required TunnelRelay Relay { get; init; }

    /// <summary>Serves the requests.</summary>
    public required HandedServer Server { get; init; }

    /// <summary>Counts what is opened.</summary>
    public InterceptFigures Figures { get; init; } = new();

    /// <summary>Is told of defects.</summary>
    public required Action<Exception> Report { get; init; }
}
