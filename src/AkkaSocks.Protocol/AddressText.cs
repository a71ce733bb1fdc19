using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace AkkaSocks.Protocol;

/// <summary>
/// IP addresses written as text, in one spelling only per RFC: the strict dotted quad, and RFC 4291 §2.2 for IPv6.
/// </summary>
/// <remarks>
/// <see cref="IPAddress.TryParse(string, out IPAddress)"/> is not used: it takes 127.1, 0x7f000001, 2130706433 and
/// octal octets for IPv4, and brackets, ports and zones for IPv6, each of which some other reader takes differently.
/// </remarks>
internal static class AddressText
{
    private const int IPv4Length = 4;
    private const int IPv6Length = 16;

    /// <summary>Reads an address that fills the whole of <paramref name="text"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out IPAddress? address)
    {
        Span<byte> octets = stackalloc byte[IPv6Length];
        address = TryReadIPv4(text, octets) ? new IPAddress(octets[..IPv4Length])
            : TryReadIPv6(text, octets) ? new IPAddress(octets)
            : null;
        return address is not null;
    }

    /// <summary>Four decimal octets. No leading zero: readers differ on whether 010 is 8 or 10.</summary>
    private static bool TryReadIPv4(ReadOnlySpan<byte> text, Span<byte> octets)
    {
        int length = 0;
        foreach (Range range in text.Split((byte)'.'))
        {
            ReadOnlySpan<byte> octet = text[range];
            if (length == IPv4Length || (octet.Length > 1 && octet[0] == (byte)'0')
                || !Utf8Parser.TryParse(octet, out octets[length], out int read) || read != octet.Length)
                return false;

            length++;
        }

        return length == IPv4Length;
    }

    /// <summary>Eight groups, of which "::" may stand once for one or more zero groups.</summary>
    private static bool TryReadIPv6(ReadOnlySpan<byte> text, Span<byte> octets)
    {
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
            return TryReadGroups(text, octets, mayEndInIPv4: true, out int length) && length == IPv6Length;

        Span<byte> behind = stackalloc byte[IPv6Length];
        if (!TryReadGroups(text[..gap], octets, mayEndInIPv4: false, out int before)
            || !TryReadGroups(text[(gap + 2)..], behind, mayEndInIPv4: true, out int after)
            || before + after > IPv6Length - 2)
            return false;

        octets[before..].Clear();
        behind[..after].CopyTo(octets[^after..]);
        return true;
    }

    /// <summary>Groups of one to four hexadecimal digits between colons, or none at all; the last may be a dotted quad.</summary>
    private static bool TryReadGroups(ReadOnlySpan<byte> text, Span<byte> octets, bool mayEndInIPv4, out int length)
    {
        length = 0;
        if (text.IsEmpty)
            return true;

        foreach (Range range in text.Split((byte)':'))
        {
            ReadOnlySpan<byte> group = text[range];
            int room = IPv6Length - length;
            bool isLast = range.End.Value == text.Length;
            if (room >= 2 && group.Length <= 4
                && Utf8Parser.TryParse(group, out ushort value, out int read, 'x') && read == group.Length)
            {
                BinaryPrimitives.WriteUInt16BigEndian(octets[length..], value);
                length += 2;
            }
            else if (mayEndInIPv4 && isLast && room >= IPv4Length && TryReadIPv4(group, octets[length..]))
            {
                length += IPv4Length;
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
