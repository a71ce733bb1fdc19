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
    public bool Contains(UInt128 number) => IndexOf(number) >= 0;

    /// <summary>Which network, from 0, is the first that holds the address of this number; -1 when none does.</summary>
    public int IndexOf(UInt128 number)
    {
        for (var i = 0; i < _ranges.Length; i++)
        {
            if (_ranges[i].Contains(number))
                return i;
        }

        return -1;
    }
}
