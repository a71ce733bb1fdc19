using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Protocol;

/// <summary>The server's answer to a <see cref="Socks4Request"/>.</summary>
/// <remarks>
/// <code>
/// +----+----+---------+-------+
/// | VN | CD | DSTPORT | DSTIP |
/// | 1  | 1  |    2    |   4   |
/// +----+----+---------+-------+
/// </code>
/// VN is the version of the reply code: 0, not 4. CD is 5A for a request granted and 5B for every other; 5C and 5D speak of identd,
/// which is not asked.
/// </remarks>
public static class Socks4Reply
{
    /// <summary>Length in bytes of every reply.</summary>
    public const int Length = 8;

    private const byte Granted = 0x5A, Refused = 0x5B;

    /// <summary>Writes a reply.</summary>
    /// <param name="destination">Room for <see cref="Length"/> bytes.</param>
    /// <param name="granted">Whether the request was.</param>
    /// <param name="bound">
    /// DSTIP and DSTPORT, which clients look at after BIND only. Null gives zeros; an IPv6 address, for which there is no room,
    /// gives 0.0.0.0 with its port.
    /// </param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, bool granted, IPEndPoint? bound)
    {
        destination[..Length].Clear();
        destination[1] = granted ? Granted : Refused;
        if (bound is null)
            return Length;

        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)bound.Port);
        IPAddress address = bound.Address.IsIPv4MappedToIPv6 ? bound.Address.MapToIPv4() : bound.Address;
        if (address.AddressFamily == AddressFamily.InterNetwork)
            address.TryWriteBytes(destination[4..], out _);
        return Length;
    }
}
