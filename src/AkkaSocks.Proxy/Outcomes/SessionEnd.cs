namespace AkkaSocks.Proxy.Outcomes;

/// <summary>Why a session is over: a closed set. Exactly one is reported for every accepted connection.</summary>
internal enum SessionEnd : byte
{
    /// <summary>Both directions were closed in order.</summary>
    Completed,

    /// <summary>The client was told no; the session's <see cref="Refusal"/> says why.</summary>
    Refused,

    /// <summary>The client closed before there was a tunnel.</summary>
    ClientClosed,

    /// <summary>The client reset the connection, or it broke on the client's side.</summary>
    ClientReset,

    /// <summary>The destination reset the connection, or it broke on the destination's side.</summary>
    DestinationReset,

    /// <summary>The handshake was not complete within <c>limits.handshake-timeout</c>.</summary>
    HandshakeTimedOut,

    /// <summary>No byte passed for <c>relay.idle-timeout</c>.</summary>
    IdleTimedOut,

    /// <summary>One side had closed, and no byte passed for <c>relay.half-close-timeout</c>.</summary>
    HalfCloseTimedOut,

    /// <summary>The node stopped.</summary>
    NodeStopped,

    /// <summary>It was told to end; the session's <see cref="TerminationReason"/> says why.</summary>
    Killed,

    /// <summary>A defect of the proxy ended the session; the log has the exception.</summary>
    Failed,

    /// <summary>A flow that the operator has put into the tunnel (<c>mitm.raw-flows</c>) cut it.</summary>
    Cut,
}

/// <summary>How a <see cref="SessionEnd"/> is written in logs and metric labels.</summary>
internal static class SessionEnds
{
    /// <summary>The name in kebab case.</summary>
    public static string ToLabel(this SessionEnd end) => Labels[(int)end];

    private static readonly string[] Labels = [.. Enum.GetNames<SessionEnd>().Select(KebabCase.Of)];
}
