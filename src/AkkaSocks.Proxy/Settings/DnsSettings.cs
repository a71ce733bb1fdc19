using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Settings;

/// <summary><c>egress.dns</c>: how names become addresses.</summary>
internal sealed record DnsSettings
{
    /// <summary><c>egress.dns.servers</c>: empty takes those of the system's resolv.conf.</summary>
    public required ImmutableArray<IPEndPoint> Servers { get; init; }

    /// <summary><c>egress.dns.hosts-file</c>: read before any server is asked; empty reads none.</summary>
    public required string HostsFile { get; init; }

    /// <summary><c>egress.dns.timeout</c>: for one lookup, all retries included.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary><c>egress.dns.max-lookups</c>: lookups in flight at once.</summary>
    public required int MaxLookups { get; init; }

    /// <summary><c>egress.dns.max-waiting</c>: lookups that may wait for a free place; more are refused at once.</summary>
    public required int MaxWaiting { get; init; }

    /// <summary><c>egress.dns.cache</c>: answers are remembered for their TTL; off asks every time.</summary>
    public required bool Cache { get; init; }

    /// <summary><c>egress.dns.cache-max-entries</c>: names remembered at once.</summary>
    public required int CacheMaxEntries { get; init; }

    /// <summary>Whether these say the same.</summary>
    public bool IsSameAs(DnsSettings other) =>
        this with { Servers = other.Servers } == other && Servers.SequenceEqual(other.Servers);
}
