using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Egress;

/// <summary>
/// The names of a hosts file (hosts(5)): per line an address and its names, <c>#</c> starts a comment. Lines that are not of
/// this form are passed over, as every other reader does.
/// </summary>
internal sealed class HostsFile
{
    private readonly FrozenDictionary<string, ImmutableArray<IPAddress>> _names;

    private HostsFile(FrozenDictionary<string, ImmutableArray<IPAddress>> names) => _names = names;

    /// <summary>Reads the text of a hosts file.</summary>
    public static HostsFile Parse(string text)
    {
        var entries =
            from line in text.Split('\n')
            let words = line.Split('#', 2)[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            where words.Length > 1
            let address = AddressOf(words[0])
            where address is not null
            from name in words.Skip(1)
            group address by name.TrimEnd('.').ToLowerInvariant();

        return new HostsFile(entries.ToFrozenDictionary(
            lines => lines.Key,
            lines => ResolvedName.Interleave(
                OfFamily(lines, AddressFamily.InterNetworkV6), OfFamily(lines, AddressFamily.InterNetwork)),
            StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The addresses of a name, case and a dot at its end ignored; empty when the file does not have it.</summary>
    public ImmutableArray<IPAddress> Find(string name)
    {
        var addresses = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        return addresses.TryGetValue(name.AsSpan().TrimEnd('.'), out var found) ? found : [];
    }

    // IPAddress takes 127.1 for 127.0.0.1, which hosts(5) does not know; an address with a zone is of no use to a proxy.
    private static IPAddress? AddressOf(string word)
    {
        if (!IPAddress.TryParse(word, out var address) || word.Contains('%'))
            return null;
        return address.AddressFamily == AddressFamily.InterNetworkV6 || word.Count(c => c == '.') == 3 ? address : null;
    }

    private static List<IPAddress> OfFamily(IEnumerable<IPAddress> addresses, AddressFamily family) =>
        [.. addresses.Where(address => address.AddressFamily == family)];
}
