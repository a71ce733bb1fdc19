using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>How far a session has got: a closed set, the same for all protocols.</summary>
internal enum SessionPhase : byte
{
    /// <summary>It has no actor yet.</summary>
    Accepted,

    /// <summary>The client's word: its protocol, who it is, what it wants.</summary>
    Handshaking,

    /// <summary>Its password is verified.</summary>
    Authenticating,

    /// <summary>It is asked whether the user may have one more session.</summary>
    Admitting,

    /// <summary>The name is looked up and the destination connected; or a name is looked up for the client.</summary>
    Connecting,

    /// <summary>It waits for the connection that BIND is for.</summary>
    Binding,

    /// <summary>Bytes or datagrams are carried.</summary>
    Relaying,
}

/// <summary>How a <see cref="SessionPhase"/> is written in metric labels.</summary>
internal static class SessionPhases
{
    /// <summary>A session that was refused and waits for its last word to arrive, whatever its phase was.</summary>
    public const string Lingering = "lingering";

    private static readonly string[] Labels = [.. Enum.GetNames<SessionPhase>().Select(KebabCase.Of)];

    /// <summary>The name in kebab case.</summary>
    public static string ToLabel(this SessionPhase phase) => Labels[(int)phase];
}
