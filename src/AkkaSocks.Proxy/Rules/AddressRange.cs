using System.Buffers.Binary;
using System.Net;

namespace AkkaSocks.Proxy.Rules;

/// <summary>
/// A block of addresses in one number space: an IPv4 address stands at its IPv4-mapped place, ::ffff:a.b.c.d. So an address
/// and its mapped form are the same number and no rule can tell them apart, and containment is two machine words.
/// </summary>
internal readonly record struct AddressRange
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xffff << 32;

    private readonly UInt128 _prefix;
    private readonly UInt128 _mask;

    /// <summary>The block of this network.</summary>
    public AddressRange(IPNetwork network)
    {
        var isIPv4 = network.BaseAddress.GetAddressBytes().Length == 4;
        var length = network.PrefixLength + (isIPv4 ? 96 : 0);
        _mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
        _prefix = NumberOf(network.BaseAddress) & _mask;
    }

    /// <summary>Whether the address of this number lies in the block.</summary>
    public bool Contains(UInt128 number) => (number & _mask) == _prefix;

    /// <summary>The number of an address; a scope (zone) has no part in it.</summary>
    public static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The number of an IPv4 address, given in host order.</summary>
    public static UInt128 OfIPv4(uint address) => MappedPrefix | address;
}
