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
    private const string Zoned = "a zone of one host";
    private const string OwnAddress = "an address of this host";

    private readonly NetworkSet _allow = new(settings.Allow);

    /// <summary>The form to judge, to connect to and to log: an IPv4-mapped address becomes the IPv4 address.</summary>
    public static IPAddress Canonical(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Judges one address.</summary>
    /// <returns><see cref="Refusal.None"/>, <see cref="Refusal.SpecialPurposeAddress"/> or
    /// <see cref="Refusal.OwnEndpoint"/>.</returns>
    public Refusal Judge(IPAddress address, int port) => Weigh(address, port).Refusal;

    /// <summary>Judges the address of this number (<see cref="AddressRange.NumberOf"/>).</summary>
    public Refusal Judge(UInt128 number, int port) => Weigh(number, port).Refusal;

    /// <summary>Judges one address, and tells what it went by.</summary>
    public Judgment Weigh(IPAddress address, int port) => IsZoned(address)
        ? new Judgment(Refusal.SpecialPurposeAddress, AddressTraits.Never, Zoned, AllowedBy: -1)
        : Weigh(AddressRange.NumberOf(address), port);

    private Judgment Weigh(UInt128 number, int port)
    {
        var (traits, source) = TraitsOf(number, port);
        if (CarriedIPv4.TryByPrefix(number, out var carried))
            Add(TraitsOf(carried, port));
        if (CarriedIPv4.TryByInterface(number, out carried))
            Add(TraitsOf(carried, port));

        if ((traits & AddressTraits.Never) != 0)
            return new Judgment(Refusal.SpecialPurposeAddress, traits, source, AllowedBy: -1);
        if ((traits & AddressTraits.OwnEndpoint) != 0)
            return new Judgment(Refusal.OwnEndpoint, traits, source, AllowedBy: -1);
        if (traits == AddressTraits.None || !settings.DenySpecialPurpose)
            return new Judgment(Refusal.None, traits, source, AllowedBy: -1);
        var allowedBy = _allow.IndexOf(number);
        return new Judgment(allowedBy < 0 ? Refusal.SpecialPurposeAddress : Refusal.None, traits, source, allowedBy);

        // Where the carrier is public, what it carries says why it is not.
        void Add((AddressTraits Traits, string Source) inner) =>
            (traits, source) = (traits | inner.Traits, traits == AddressTraits.None ? inner.Source : source);
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

    // A zone (fe80::1%eth0) means something on this host only, so no client can rightly name one.
    private static bool IsZoned(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0;

    private (AddressTraits Traits, string Source) TraitsOf(UInt128 number, int port)
    {
        var (kind, source) = SpecialPurpose.Find(number);
        var traits = kind switch
        {
            AddressClass.Never => AddressTraits.Never,
            AddressClass.Special => AddressTraits.Special,
            _ => AddressTraits.None,
        };

        // A public address of this host is special too: behind it are the services that trust their own host.
        if (own.IsOwnAddress(number))
            (traits, source) = (traits | AddressTraits.Special, traits == AddressTraits.None ? OwnAddress : source);
        return (own.Contains(number, port) ? traits | AddressTraits.OwnEndpoint : traits, source);
    }
}
