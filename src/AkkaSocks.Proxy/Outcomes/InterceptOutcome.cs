namespace AkkaSocks.Proxy.Outcomes;

/// <summary>What became of a session that was in scope of interception: a closed set.</summary>
internal enum InterceptOutcome : byte
{
    /// <summary>Its HTTP was looked into, and was not inside TLS.</summary>
    Http,

    /// <summary>Its HTTP was looked into, inside TLS.</summary>
    Https,

    /// <summary>Its TLS was opened, and there was no HTTP in it: relayed, through the flows that match it.</summary>
    TlsWithoutHttp,

    /// <summary>Relayed untouched: the client began with something else than TLS or HTTP.</summary>
    OtherProtocol,

    /// <summary>Relayed untouched: the server spoke first.</summary>
    ServerFirst,

    /// <summary>Relayed untouched: nobody said anything, or the client began and did not go on.</summary>
    Silent,

    /// <summary>Relayed untouched: by the name that TLS asked for it was out of scope.</summary>
    OutOfScope,

    /// <summary>Relayed untouched: the client had refused our certificate before.</summary>
    Pinned,

    /// <summary>Relayed untouched: the origin wants a certificate of the client's.</summary>
    ClientCertificate,

    /// <summary>The origin's certificate is not valid.</summary>
    OriginUntrusted,

    /// <summary>No TLS came about with the origin.</summary>
    OriginTlsFailed,

    /// <summary>The client refused our certificate.</summary>
    ClientRefused,

    /// <summary>The client closed right after the handshake, as some do who refuse our certificate.</summary>
    ClientSilent,

    /// <summary>No TLS came about with the client, for another reason.</summary>
    ClientTlsFailed,

    /// <summary>The engine could not look into it.</summary>
    EngineFailed,
}

/// <summary>How an <see cref="InterceptOutcome"/> is written in logs and metric labels.</summary>
internal static class InterceptOutcomes
{
    /// <summary>The name in kebab case.</summary>
    public static string ToLabel(this InterceptOutcome outcome) => Labels[(int)outcome];

    private static readonly string[] Labels = [.. Enum.GetNames<InterceptOutcome>().Select(KebabCase.Of)];
}
