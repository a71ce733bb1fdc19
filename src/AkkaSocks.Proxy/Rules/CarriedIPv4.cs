using System.Net;

namespace AkkaSocks.Proxy.Rules;

/// <summary>
/// The IPv4 address inside an IPv6 address. A gateway on the way may unwrap it and deliver there, so the carried address is
/// judged beside the carrier. An IPv4-mapped address is not of these: it is the IPv4 address (<see cref="AddressRange"/>).
/// </summary>
/// <remarks>
/// <code>
///            0        16       32       48       64       80       96          128
/// 6to4       | 2002   |   IPv4 address  |  …                                     |   RFC 3056 §2
/// NAT64      | 64     | ff9b   | 0                            |   IPv4 address   |   RFC 6052 §2.1
/// translated | 0                                 | ffff | 0   |   IPv4 address   |   RFC 2765 §2.1
/// compatible | 0                                              |   IPv4 address   |   RFC 4291 §2.5.5.1
/// ISATAP     |  any prefix                       | 0/0200 5efe|   IPv4 address   |   RFC 5214 §6.1
/// </code>
/// Teredo and local-use NAT64 carry one too; their whole blocks are special.
/// </remarks>
internal static class CarriedIPv4
{
    private static readonly AddressRange SixToFour = new(IPNetwork.Parse("2002::/16"));

    private static readonly AddressRange[] InLastFourBytes =
    [
        new(IPNetwork.Parse("64:ff9b::/96")),
        new(IPNetwork.Parse("::ffff:0:0:0/96")),
        new(IPNetwork.Parse("::/96")),
    ];

    /// <summary>The number of the IPv4 address that the prefix of an address announces.</summary>
    public static bool TryByPrefix(UInt128 number, out UInt128 carried)
    {
        if (SixToFour.Contains(number))
        {
            carried = AddressRange.OfIPv4((uint)(number >> 80));
            return true;
        }

        carried = AddressRange.OfIPv4((uint)number);
        foreach (ref readonly var range in InLastFourBytes.AsSpan())
        {
            if (range.Contains(number))
                return true;
        }

        return false;
    }

    /// <summary>The number of the IPv4 address in an ISATAP interface identifier, which may stand behind any prefix.</summary>
    public static bool TryByInterface(UInt128 number, out UInt128 carried)
    {
        carried = AddressRange.OfIPv4((uint)number);
        return (uint)(number >> 32) is 0x0000_5efe or 0x0200_5efe;
    }
}
