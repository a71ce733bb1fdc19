using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Rules;

/// <summary>
/// Where this process itself listens: SOCKS listeners, admin, metrics, remoting. The proxy never connects there, whatever the
/// settings allow, or a client could reach its control plane or loop through it. Any thread may call it.
/// </summary>
internal sealed class OwnEndpoints(OwnAddresses addresses)
{
    private static readonly AddressRange Loopback = new(IPNetwork.Parse("127.0.0.0/8"));
    private static readonly UInt128 IPv6Loopback = AddressRange.NumberOf(IPAddress.IPv6Loopback);
    private static readonly UInt128 AnyIPv4 = AddressRange.NumberOf(IPAddress.Any);
    private static readonly UInt128 AnyIPv6 = AddressRange.NumberOf(IPAddress.IPv6Any);

    private ImmutableArray<(UInt128 Address, int Port)> _endpoints = [];

    /// <summary>A listener was bound there. What is added twice is removed twice: sockets may share an endpoint.</summary>
    public void Add(IPEndPoint endpoint) =>
        ImmutableInterlocked.Update(ref _endpoints, static (all, one) => all.Add(one), Entry(endpoint));

    /// <summary>A listener is no longer bound there.</summary>
    public void Remove(IPEndPoint endpoint) =>
        ImmutableInterlocked.Update(ref _endpoints, static (all, one) => all.Remove(one), Entry(endpoint));

    /// <summary>Whether connecting to this address and port reaches one of the listeners.</summary>
    public bool Contains(IPAddress address, int port) => Contains(AddressRange.NumberOf(address), port);

    /// <inheritdoc cref="Contains(IPAddress, int)"/>
    public bool Contains(UInt128 address, int port)
    {
        foreach (ref readonly var own in _endpoints.AsSpan())
        {
            if (own.Port == port && (own.Address == address || (IsAny(own.Address) && IsOwnAddress(address))))
                return true;
        }

        return false;
    }

    /// <summary>Whether this host answers to the address: an interface has it, or it is loopback.</summary>
    public bool IsOwnAddress(UInt128 address) =>
        Loopback.Contains(address) || address == IPv6Loopback || IsAny(address) || addresses.Contains(address);

    // A wildcard listener of one family counts for both: whether [::] takes IPv4 too is a socket option, not to be seen here.
    private static bool IsAny(UInt128 address) => address == AnyIPv4 || address == AnyIPv6;

    private static (UInt128 Address, int Port) Entry(IPEndPoint endpoint) =>
        (AddressRange.NumberOf(endpoint.Address), endpoint.Port);
}
