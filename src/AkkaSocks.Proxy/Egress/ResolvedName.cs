using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Egress;

/// <summary>What a name was resolved to.</summary>
/// <param name="Addresses">In the order to try them; not empty exactly when <paramref name="Refusal"/> is
/// <see cref="Refusal.None"/>. Not judged yet: that is the <see cref="Rules.DestinationPolicy"/>'s.</param>
/// <param name="Refusal">Else <see cref="Refusal.NameNotResolved"/>, <see cref="Refusal.NameLookupTimedOut"/> or
/// <see cref="Refusal.NameLookupBusy"/>.</param>
internal readonly record struct ResolvedName(ImmutableArray<IPAddress> Addresses, Refusal Refusal)
{
    /// <summary>Addresses of one name that are used at most: a hostile zone may hold thousands.</summary>
    public const int MaxAddresses = 16;

    /// <summary>A name without addresses, and why.</summary>
    public static ResolvedName Refused(Refusal refusal) => new([], refusal);

    /// <summary>The addresses in the order of RFC 8305 §4: one family after the other, IPv6 first; each one once.</summary>
    public static ImmutableArray<IPAddress> Interleave(IReadOnlyCollection<IPAddress> ipv6, IReadOnlyCollection<IPAddress> ipv4)
    {
        var sixth = ipv6.Select((address, i) => (Address: address, Place: 2 * i));
        var fourth = ipv4.Select((address, i) => (Address: address, Place: (2 * i) + 1));
        return [.. sixth.Concat(fourth).OrderBy(a => a.Place).Select(a => a.Address).Distinct().Take(MaxAddresses)];
    }
}
