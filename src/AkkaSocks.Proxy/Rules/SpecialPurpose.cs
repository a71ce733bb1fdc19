using System.Net;

namespace AkkaSocks.Proxy.Rules;

/// <summary>What may stand at an address.</summary>
internal enum AddressClass : byte
{
    /// <summary>Any host of the public Internet.</summary>
    Public,

    /// <summary>Something other than that: refused unless a setting allows it.</summary>
    Special,

    /// <summary>Not one other host at all: refused whatever the settings say.</summary>
    Never,
}

/// <summary>
/// Which addresses are special, and who says so: the IANA special-purpose registries (RFC 6890) as a table; the first row that
/// contains an address decides. Rows that the registries call globally reachable inside a reserved block (PCP and TURN anycast
/// in 192.0.0.0/24 and 2001::/23) stay special: they name a service of the network this host is in.
/// </summary>
internal static class SpecialPurpose
{
    private static readonly (AddressRange Range, AddressClass Class, string Source)[] Table =
    [
        // Connecting to 0.0.0.0 or :: reaches this very host on Linux, so no allow list may open them.
        Row("0.0.0.0/32", AddressClass.Never, "RFC 1122 §3.2.1.3 this host"),
        Row("224.0.0.0/4", AddressClass.Never, "RFC 5771 multicast"),
        Row("255.255.255.255/32", AddressClass.Never, "RFC 919 limited broadcast"),
        Row("0.0.0.0/8", AddressClass.Special, "RFC 1122 §3.2.1.3 this network"),
        Row("10.0.0.0/8", AddressClass.Special, "RFC 1918 private use"),
        Row("100.64.0.0/10", AddressClass.Special, "RFC 6598 shared address space"),
        Row("127.0.0.0/8", AddressClass.Special, "RFC 1122 §3.2.1.3 loopback"),
        Row("168.63.129.16/32", AddressClass.Special, "Azure host agent: in a public block, but reached from inside only"),
        Row("169.254.0.0/16", AddressClass.Special, "RFC 3927 link local, cloud metadata"),
        Row("172.16.0.0/12", AddressClass.Special, "RFC 1918 private use"),
        Row("192.0.0.0/24", AddressClass.Special, "RFC 6890 §2.1 IETF protocol assignments"),
        Row("192.0.2.0/24", AddressClass.Special, "RFC 5737 documentation"),
        Row("192.88.99.0/24", AddressClass.Special, "RFC 7526 6to4 relay anycast, deprecated"),
        Row("192.168.0.0/16", AddressClass.Special, "RFC 1918 private use"),
        Row("198.18.0.0/15", AddressClass.Special, "RFC 2544 benchmarking"),
        Row("198.51.100.0/24", AddressClass.Special, "RFC 5737 documentation"),
        Row("203.0.113.0/24", AddressClass.Special, "RFC 5737 documentation"),
        Row("240.0.0.0/4", AddressClass.Special, "RFC 1112 §4 reserved"),
        Row("0.0.0.0/0", AddressClass.Public, "IPv4 unicast"),

        Row("::/128", AddressClass.Never, "RFC 4291 §2.5.2 unspecified"),
        Row("ff00::/8", AddressClass.Never, "RFC 4291 §2.7 multicast"),
        Row("::1/128", AddressClass.Special, "RFC 4291 §2.5.3 loopback"),
        Row("2001::/32", AddressClass.Special, "RFC 4380 Teredo"),
        Row("2001::/23", AddressClass.Special, "RFC 2928 IETF protocol assignments"),
        Row("2001:db8::/32", AddressClass.Special, "RFC 3849 documentation"),
        Row("3fff::/20", AddressClass.Special, "RFC 9637 documentation"),
        Row("2000::/3", AddressClass.Public, "RFC 4291 §2.5.4 global unicast"),
        Row("64:ff9b:1::/48", AddressClass.Special, "RFC 8215 local-use NAT64: where its IPv4 address stands is unknown"),
        Row("100::/64", AddressClass.Special, "RFC 6666 discard only"),
        Row("5f00::/16", AddressClass.Special, "RFC 9602 segment identifiers"),
        Row("fc00::/7", AddressClass.Special, "RFC 4193 unique local"),
        Row("fe80::/10", AddressClass.Special, "RFC 4291 §2.5.6 link local"),
        Row("fec0::/10", AddressClass.Special, "RFC 3879 site local, deprecated"),

        // What these carry is judged by itself: see CarriedIPv4.
        Row("::/96", AddressClass.Public, "RFC 4291 §2.5.5.1 IPv4-compatible, deprecated"),
        Row("::ffff:0:0:0/96", AddressClass.Public, "RFC 2765 §2.1 IPv4-translated"),
        Row("64:ff9b::/96", AddressClass.Public, "RFC 6052 §2.1 NAT64 well-known prefix"),
        Row("::/0", AddressClass.Special, "RFC 4291 §2.4 not allocated by IANA"),
    ];

    /// <summary>The class of an address and who says so, without what the address may carry (<see cref="CarriedIPv4"/>).</summary>
    /// <param name="number">See <see cref="AddressRange.NumberOf"/>.</param>
    public static (AddressClass Class, string Source) Find(UInt128 number)
    {
        foreach (ref readonly var row in Table.AsSpan())
        {
            if (row.Range.Contains(number))
                return (row.Class, row.Source);
        }

        return (AddressClass.Special, "");
    }

    private static (AddressRange Range, AddressClass Class, string Source) Row(
        string network, AddressClass kind, string source) =>
        (new AddressRange(IPNetwork.Parse(network)), kind, source);
}
