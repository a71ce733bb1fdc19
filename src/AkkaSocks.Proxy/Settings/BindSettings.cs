using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>bind</c>: BIND.</summary>
internal sealed record BindSettings
{
    /// <summary><c>bind.enabled</c>.</summary>
    public required bool Enabled { get; init; }

    /// <summary><c>bind.timeout</c>: from the first reply to the call. Enforced by SessionActor.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary><c>bind.ports</c>: where callers call; null for any that the system chooses.</summary>
    public required PortRange? Ports { get; init; }

    /// <summary><c>bind.allow-any-peer</c>: a request may leave open who is to call.</summary>
    public required bool AllowAnyPeer { get; init; }

    /// <summary><c>bind.advertised-address</c>: BND.ADDR of the first reply; null for the address that was bound.</summary>
    public required IPAddress? AdvertisedAddress { get; init; }
}
