using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Rules;

/// <summary>
/// Whether the proxy may connect to an address. It judges addresses, never names: a name is resolved once, its addresses are
/// judged, and the connection goes to a judged address, so a name that changes its mind in between gains nothing.
/// </summary>
/// <remarks>Any thread may call it; judging allocates nothing and makes no system call.</remarks>
internal sealed class DestinationPolicy(EgressSettings settings, OwnEndpoints own)
{
    private readonly NetworkSet _allow = new(settings.Allow);

    [Flags]
    private enum Traits : byte
    {
        None = 0,
        Special = 1,
        OwnEndpoint = 2,
        Never = 4,
    }

    /// <summary>The form to judge, to connect to and to log: an IPv4-mapped address becomes the IPv4 address.</summary>
    public static IPAddress Canonical(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Judges one address.</summary>
    /// <returns><see cref="Refusal.None"/>, <see cref="Refusal.SpecialPurposeAddress"/> or
    /// <see cref="Refusal.OwnEndpoint"/>.</returns>
    public Refusal Judge(IPAddress address, int port)
    {
        // A zone (fe80::1%eth0) means something on this host only, so no client can rightly name one.
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
            return Refusal.SpecialPurposeAddress;

        return Judge(AddressRange.NumberOf(address), port);
    }

    /// <summary>Judges the address of this number (<see cref="AddressRange.NumberOf"/>).</summary>
    public Refusal Judge(UInt128 number, int port)
    {
        var traits = TraitsOf(number, port);
        if (CarriedIPv4.TryByPrefix(number, out var carried))
            traits |= TraitsOf(carried, port);
        if (CarriedIPv4.TryByInterface(number, out carried))
            traits |= TraitsOf(carried, port);

        if ((traits & Traits.Never) != 0)
            return Refusal.SpecialPurposeAddress;
        if ((traits & Traits.OwnEndpoint) != 0)
            return Refusal.OwnEndpoint;
        if (traits == Traits.None || !settings.DenySpecialPurpose || _allow.Contains(number))
            return Refusal.None;
        return Refusal.SpecialPurposeAddress;
    }

    /// <summary>Judges the addresses of one name and keeps, in their order and canonical form, those it may connect to.</summary>
    /// <param name="addresses">What the name resolved to: one at least.</param>
    /// <param name="port">The port to connect to.</param>
    /// <param name="allowed">Empty exactly when refused.</param>
    /// <returns><see cref="Refusal.None"/> when one address at least may be used, else why the first one may not.</returns>
    public Refusal Sift(ImmutableArray<IPAddress> addresses, int port, out ImmutableArray<IPAddress> allowed)
    {
        var first = Refusal.None;
        var kept = ImmutableArray.CreateBuilder<IPAddress>(addresses.Length);
        foreach (var address in addresses)
        {
            var refusal = Judge(address, port);
            if (refusal == Refusal.None)
                kept.Add(Canonical(address));
            else if (first == Refusal.None)
                first = refusal;
        }

        allowed = kept.DrainToImmutable();
        return allowed.IsEmpty ? first : Refusal.None;
    }

    private Traits TraitsOf(UInt128 number, int port)
    {
        var traits = SpecialPurpose.ClassOf(number) switch
        {
            AddressClass.Never => Traits.Never,
            AddressClass.Special => Traits.Special,
            _ => Traits.None,
        };

        // A public address of this host is special too: behind it are the services that trust their own host.
        if (own.IsOwnAddress(number))
            traits |= Traits.Special;
        return own.Contains(number, port) ? traits | Traits.OwnEndpoint : traits;
    }
}
