using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Rules;

namespace AkkaSocks.Proxy.Relays;

/// <summary>Who may call at the port of a BIND: the addresses that the request has named, or, where that is allowed, anybody. Policy
/// holds for both.</summary>
/// <param name="policy">Judges addresses.</param>
/// <param name="named">Canonical and judged already; empty for anybody.</param>
internal sealed class ExpectedCallers(DestinationPolicy policy, ImmutableArray<IPAddress> named)
{
    /// <summary>Anybody may call.</summary>
    public bool IsAnybody => named.IsEmpty;

    /// <summary>Whether this one may.</summary>
    public bool Include(IPEndPoint caller)
    {
        var address = DestinationPolicy.Canonical(caller.Address);
        return IsAnybody ? policy.Judge(address, caller.Port) == Refusal.None : named.Contains(address);
    }
}
