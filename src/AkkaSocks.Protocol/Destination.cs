using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Protocol;

/// <summary>
/// DST.ADDR and DST.PORT (RFC 1928 §4), or BND.ADDR and BND.PORT in a reply: an IP address or a name, and a port. It is
/// canonical: an address written as text, or as IPv4 within IPv6, is the same value as the plain address, so that a rule
/// about addresses sees every spelling.
/// </summary>
/// <remarks>The default value is 0.0.0.0:0, which the RFC uses for "not known".</remarks>
public readonly struct Destination : IEquatable<Destination>
{
    private readonly IPAddress? _address;

    private Destination(IPAddress? address, string? hostName, ushort port) =>
        (_address, HostName, Port) = (address, hostName, port);

    /// <summary>The address, or null when <see cref="HostName"/> says where. Never IPv4-mapped, never with a zone.</summary>
    public IPAddress? Address => _address ?? (HostName is null ? IPAddress.Any : null);

    /// <summary>
    /// The name to look up, or null when there is an <see cref="Address"/>. At most 253 characters, lower case, of letters,
    /// digits, hyphens, underscores and dots; without a final dot, yet to be resolved as absolute.
    /// </summary>
    public string? HostName { get; }

    /// <summary>The port, 0 included: whether 0 means anything depends on the command.</summary>
    public ushort Port { get; }

    /// <summary>An address and a port.</summary>
    /// <param name="address">An IPv4-mapped IPv6 address becomes IPv4; a zone, which the wire cannot carry, is dropped.</param>
    /// <param name="port">The port.</param>
    public static Destination OfAddress(IPAddress address, ushort port)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            return new Destination(address.MapToIPv4(), null, port);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
            return new Destination(new IPAddress(address.GetAddressBytes()), null, port);

        return new Destination(address, null, port);
    }

    /// <summary>A name as a client sent it, and a port. The text of an IP address becomes that address.</summary>
    /// <param name="name">The octets of a domain name, or a strict dotted quad, or IPv6 text without brackets and zone.</param>
    /// <param name="port">The port.</param>
    /// <param name="destination">The destination, when the name is one that may be looked up.</param>
    /// <returns>False for every name that resolvers, libraries and rules might understand differently.</returns>
    public static bool TryOfName(ReadOnlySpan<byte> name, ushort port, out Destination destination)
    {
        if (AddressText.TryRead(name, out IPAddress? address))
        {
            destination = OfAddress(address, port);
            return true;
        }

        bool accepted = DomainName.TryRead(name, out string? hostName);
        destination = accepted ? new Destination(null, hostName, port) : default;
        return accepted;
    }

    /// <inheritdoc/>
    public bool Equals(Destination other) =>
        Port == other.Port && HostName == other.HostName && Equals(Address, other.Address);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Destination other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, HostName, Port);

    /// <summary>As in a URI's authority: <c>example.com:443</c>, <c>192.0.2.1:80</c>, <c>[::1]:80</c>.</summary>
    public override string ToString() =>
        Address is { AddressFamily: AddressFamily.InterNetworkV6 }
            ? $"[{Address}]:{Port}"
            : $"{HostName ?? Address!.ToString()}:{Port}";

    /// <summary>Same host and port.</summary>
    public static bool operator ==(Destination left, Destination right) => left.Equals(right);

    /// <summary>Different host or port.</summary>
    public static bool operator !=(Destination left, Destination right) => !left.Equals(right);
}
