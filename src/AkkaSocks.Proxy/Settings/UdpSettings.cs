using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>udp</c>: UDP ASSOCIATE.</summary>
internal sealed record UdpSettings
{
    /// <summary><c>udp.enabled</c>.</summary>
    public required bool Enabled { get; init; }

    /// <summary><c>udp.advertised-address</c>: BND.ADDR of the reply; null for the address of the control connection.</summary>
    public required IPAddress? AdvertisedAddress { get; init; }

    /// <summary><c>udp.ports</c>: where clients send to; null for any that the system chooses.</summary>
    public required PortRange? Ports { get; init; }

    /// <summary><c>udp.strict-port</c>: only from the port that the client has named.</summary>
    public required bool StrictPort { get; init; }

    /// <summary><c>udp.full-cone</c>: answers from anybody.</summary>
    public required bool FullCone { get; init; }

    /// <summary><c>udp.amplifiers = deny</c>.</summary>
    public required bool DenyAmplifiers { get; init; }

    /// <summary><c>udp.idle-timeout</c>: of an association; zero means never.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary><c>udp.destination-idle-timeout</c>.</summary>
    public required TimeSpan DestinationIdleTimeout { get; init; }

    /// <summary><c>udp.max-associations-per-user</c>; null for no limit. Enforced by AssociationGate.</summary>
    public required int? MaxAssociationsPerUser { get; init; }

    /// <summary><c>udp.max-destinations</c>: of an association. Enforced by UdpAssociation.</summary>
    public required int MaxDestinations { get; init; }

    /// <summary><c>udp.max-lookups</c>: in flight for an association. Enforced by UdpNames.</summary>
    public required int MaxLookups { get; init; }

    /// <summary><c>udp.packets-per-second</c>: of an association, each way; null for no limit. Enforced by UdpRate.</summary>
    public required int? PacketsPerSecond { get; init; }

    /// <summary><c>udp.bytes-per-second</c>: of an association, each way; null for no limit. Enforced by UdpRate.</summary>
    public required int? BytesPerSecond { get; init; }

    /// <summary><c>udp.packets-per-second-to-destination</c>: of an association to each; null for no limit. Enforced by UdpRate.</summary>
    public required int? PacketsPerSecondToDestination { get; init; }
}
