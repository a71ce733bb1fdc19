using System.Buffers.Binary;
using System.Net;

namespace AkkaSocks.Protocol;

/// <summary>
/// An IP address and a port as a plain value: where a datagram goes, or comes from, without an object for each. An IPv4 address
/// stands at its IPv4-mapped place, ::ffff:a.b.c.d, so an address and its mapped form are one value.
/// </summary>
/// <param name="Number">The 128 bits of the address.</param>
/// <param name="Port">The port.</param>
public readonly record struct DatagramAddress(UInt128 Number, ushort Port)
{
    private const ulong MappedPrefix = 0xffff;

    /// <summary>Whether the address is an IPv4 one.</summary>
    public bool IsIPv4 => Number >> 32 == MappedPrefix;

    /// <summary>An IPv4 address, given as a number in host order.</summary>
    public static DatagramAddress OfIPv4(uint number, ushort port) => new(((UInt128)MappedPrefix << 32) | number, port);

    /// <summary>The plain value of an address; a zone, which the wire cannot carry, has no part in it.</summary>
    public static DatagramAddress Of(IPAddress address, ushort port)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 4
            ? OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), port)
            : new DatagramAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes), port);
    }

    /// <inheritdoc cref="Of(IPAddress, ushort)"/>
    public static DatagramAddress Of(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return Of(endpoint.Address, (ushort)endpoint.Port);
    }

    /// <summary>The same as an object.</summary>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Number);
        return new IPEndPoint(new IPAddress(IsIPv4 ? bytes[12..] : bytes), Port);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine((ulong)Number, (ulong)(Number >> 64), Port);

    /// <summary>As in a URI's authority.</summary>
    public override string ToString() => ToEndPoint().ToString();
}
