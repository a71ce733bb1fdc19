using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary><c>sockaddr_in</c> and <c>sockaddr_in6</c> in one: family, port (network order), then the address.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SocketAddress
{
    private const ushort InterNetwork = 2, InterNetworkV6 = 10;
    
    /// <summary>Bytes of one of IPv4.</summary>
    public const int SizeV4 = 16;

    /// <summary>Bytes of one of IPv6.</summary>
    public const int SizeV6 = 28;

    private ushort _family;
    private ushort _port;
    private fixed byte _rest[24];

    /// <summary>Room for either; what calls that fill one are told.</summary>
    public const int Capacity = 28;

    /// <summary>AF_INET or AF_INET6.</summary>
    public readonly int Family => _family;

    /// <summary>The length that calls which read one are told.</summary>
    public readonly int Length => _family == InterNetworkV6 ? SizeV6 : SizeV4;

    /// <summary>The native form of <paramref name="endpoint"/>.</summary>
    public static SocketAddress Of(IPEndPoint endpoint)
    {
        var address = default(SocketAddress);
        address._port = Swap((ushort)endpoint.Port);
        if (endpoint.AddressFamily == AddressFamily.InterNetwork)
        {
            address._family = InterNetwork;
            endpoint.Address.TryWriteBytes(new Span<byte>(address._rest, 4), out _);
        }
        else
        {
            address._family = InterNetworkV6;
            endpoint.Address.TryWriteBytes(new Span<byte>(address._rest + 4, 16), out _);
            *(uint*)(address._rest + 20) = (uint)endpoint.Address.ScopeId;
        }

        return address;
    }

    /// <summary>The native form for a socket of a family: on one of IPv6 an IPv4 address can only be the mapped one.</summary>
    public static void Write(SocketAddress* into, DatagramAddress address, bool ipv6)
    {
        into->_port = Swap(address.Port);
        if (ipv6)
        {
            into->_family = InterNetworkV6;
            *(uint*)into->_rest = 0;
            BinaryPrimitives.WriteUInt128BigEndian(new Span<byte>(into->_rest + 4, 16), address.Number);
            *(uint*)(into->_rest + 20) = 0;
        }
        else
        {
            into->_family = InterNetwork;
            BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(into->_rest, 4), (uint)address.Number);
            *(ulong*)(into->_rest + 4) = 0;
        }
    }

    /// <summary>The plain value, without a zone.</summary>
    public static DatagramAddress Read(SocketAddress* from) => from->_family == InterNetwork
        ? DatagramAddress.OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(from->_rest, 4)), Swap(from->_port))
        : new DatagramAddress(
            BinaryPrimitives.ReadUInt128BigEndian(new ReadOnlySpan<byte>(from->_rest + 4, 16)), Swap(from->_port));

    /// <summary>The managed form. A v4-mapped address (from a dual-stack listener) comes back as the IPv4 address it is.</summary>
    public readonly IPEndPoint ToEndPoint()
    {
        fixed (byte* rest = _rest)
        {
            if (_family == InterNetwork)
                return new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(rest, 4)), Swap(_port));
            var address = new IPAddress(new ReadOnlySpan<byte>(rest + 4, 16), *(uint*)(rest + 20));
            return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, Swap(_port));
        }
    }

    private static ushort Swap(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
