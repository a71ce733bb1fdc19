using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Limits;

/// <summary>
/// An IPv4 address, or the /64 of an IPv6 one: what one customer usually has, and so what limits and bans take for one client.
/// An IPv4 address that is written as an IPv6 one (<c>::ffff:192.0.2.1</c>) is the IPv4 address.
/// </summary>
internal readonly struct ClientNetwork : IEquatable<ClientNetwork>
{
    private const int IPv4Length = 4, IPv6Length = 8;

    private readonly ulong _bits;
    private readonly bool _isIPv6;

    private ClientNetwork(ulong bits, bool isIPv6) => (_bits, _isIPv6) = (bits, isIPv6);

    /// <summary>The IPv4 address, or the first of the /64.</summary>
    public IPAddress Address
    {
        get
        {
            Span<byte> bytes = stackalloc byte[2 * IPv6Length];
            bytes.Clear();
            return new IPAddress(bytes[..(_isIPv6 ? 2 * WriteTo(bytes) : WriteTo(bytes))]);
        }
    }

    /// <summary>The 4 bytes of an IPv4 address, or the first 8 of an IPv6 one.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            var bytes = new byte[IPv6Length];
            return bytes.AsSpan(0, WriteTo(bytes));
        }
    }

    /// <summary>The network of an address.</summary>
    public static ClientNetwork Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return new ClientNetwork(BinaryPrimitives.ReadUInt32BigEndian(bytes), isIPv6: false);
        return address.IsIPv4MappedToIPv6
            ? new ClientNetwork(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), isIPv6: false)
            : new ClientNetwork(BinaryPrimitives.ReadUInt64BigEndian(bytes), isIPv6: true);
    }

    /// <summary>The network of <see cref="Bytes"/>; false when they are neither 4 nor 8.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ClientNetwork network)
    {
        network = bytes.Length switch
        {
            IPv4Length => new ClientNetwork(BinaryPrimitives.ReadUInt32BigEndian(bytes), isIPv6: false),
            IPv6Length => new ClientNetwork(BinaryPrimitives.ReadUInt64BigEndian(bytes), isIPv6: true),
            _ => default,
        };
        return bytes.Length is IPv4Length or IPv6Length;
    }

    /// <summary>Reads an address, which stands for its network, or what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out ClientNetwork network)
    {
        const string Suffix = "/64";
        network = default;
        var isNetwork = text.EndsWith(Suffix, StringComparison.Ordinal);
        var written = isNetwork ? text[..^Suffix.Length] : text;
        if (!IPAddress.TryParse(written, out var address) || written.AsSpan().ContainsAny("[]%"))
            return false;
        network = Of(address);

        // "1" is 0.0.0.1 to the framework, and nobody who writes that means it.
        return network._isIPv6 || !isNetwork && (address.IsIPv4MappedToIPv6 || address.ToString() == written);
    }

    /// <inheritdoc/>
    public bool Equals(ClientNetwork other) => _bits == other._bits && _isIPv6 == other._isIPv6;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ClientNetwork other && Equals(other);

    /// <summary>Seeded anew in every process: whoever owns many addresses cannot choose some that collide.</summary>
    public override int GetHashCode() => HashCode.Combine(_bits, _isIPv6);

    /// <summary><c>192.0.2.1</c> or <c>2001:db8:1:2::/64</c>.</summary>
    public override string ToString() => _isIPv6 ? $"{Address}/64" : Address.ToString();

    /// <summary>Equality.</summary>
    public static bool operator ==(ClientNetwork left, ClientNetwork right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(ClientNetwork left, ClientNetwork right) => !left.Equals(right);

    private int WriteTo(Span<byte> bytes)
    {
        if (_isIPv6)
            BinaryPrimitives.WriteUInt64BigEndian(bytes, _bits);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_bits);
        return _isIPv6 ? IPv6Length : IPv4Length;
    }
}
