using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Rules;

/// <summary>Addresses in any of some networks. An IPv4-mapped address is the IPv4 address.</summary>
internal sealed class NetworkSet(IEnumerable<IPNetwork> networks)
{
    private readonly ImmutableArray<AddressRange> _ranges = [.. networks.Select(network => new AddressRange(network))];

    /// <summary>Whether it holds an address.</summary>
    public bool Contains(IPAddress address) => Contains(AddressRange.NumberOf(address));

    /// <summary>Whether it holds the address of this number.</summary>
    public bool Contains(UInt128 number)
    {
        foreach (ref readonly var range in _ranges.AsSpan())
        {
            if (range.Contains(number))
                return true;
        }

        return false;
    }
}
