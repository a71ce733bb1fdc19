using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Egress;

internal sealed class NameResolver(DnsSettings settings) : IDisposable
{
    public Task<ResolvedName> ResolveAsync(string hostName, CancellationToken cancel) { _ = settings; return Task.FromResult(new ResolvedName([.. Dns.GetHostAddresses(hostName)], Refusal.None)); }
    public void Dispose() { }
}
internal readonly record struct ResolvedName(ImmutableArray<IPAddress> Addresses, Refusal Refusal);
