using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace AkkaSocks.Proxy.Egress;

/// <summary>
/// Which DNS servers to ask, and for which names (resolv.conf(5)). The search list matters: in Kubernetes <c>db</c> means
/// <c>db.my-namespace.svc.cluster.local</c>.
/// </summary>
internal sealed record ResolvConf
{
    private const int Port = 53;
    private const int MaxServers = 3;
    private const int MaxNDots = 15;
    private const int MaxAttempts = 5;
    private const int MaxTimeoutSeconds = 30;
    private const int MaxNameLength = 253;

    /// <summary>Asked in this order; never empty.</summary>
    public required ImmutableArray<IPEndPoint> Servers { get; init; }

    /// <summary>Domains to append, in this order.</summary>
    public required ImmutableArray<string> Search { get; init; }

    /// <summary>A name with at least as many dots is tried as it is before the search list.</summary>
    public required int NDots { get; init; }

    /// <summary>Rounds over the servers.</summary>
    public required int Attempts { get; init; }

    /// <summary>The longest wait for one server in one round.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Reads the text of a resolv.conf. What it leaves out is as resolv.conf(5) says, an empty one included.</summary>
    public static ResolvConf Parse(string text)
    {
        var servers = ImmutableArray.CreateBuilder<IPEndPoint>();
        var conf = new ResolvConf { Servers = [], Search = [], NDots = 1, Attempts = 2, Timeout = TimeSpan.FromSeconds(5) };
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var server, ..]
                    when servers.Count < MaxServers && IPAddress.TryParse(server, out var address)
                        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any):
                    servers.Add(new IPEndPoint(address, Port));
                    break;
                case ["search" or "domain", .. var domains]:
                    // The last such line wins; "search ." means none.
                    conf = conf with { Search = [.. domains.Select(d => d.TrimEnd('.')).Where(d => d.Length > 0)] };
                    break;
                case ["options", .. var options]:
                    conf = options.Aggregate(conf, WithOption);
                    break;
            }
        }

        if (servers.Count == 0)
            servers.Add(new IPEndPoint(IPAddress.Loopback, Port));
        return conf with { Servers = servers.DrainToImmutable() };
    }

    /// <summary>These servers and nothing else: no search list.</summary>
    public static ResolvConf Of(ImmutableArray<IPEndPoint> servers) => Parse(string.Empty) with { Servers = servers };

    /// <summary>The absolute names to ask for, one after the other until one exists.</summary>
    /// <param name="name">A dot at its end makes it absolute.</param>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.'))
            return [name.TrimEnd('.')];

        var searched = Search.Select(domain => $"{name}.{domain}").Where(candidate => candidate.Length <= MaxNameLength);
        return name.Count(c => c == '.') >= NDots ? searched.Prepend(name) : searched.Append(name);
    }

    private static ResolvConf WithOption(ResolvConf conf, string option)
    {
        var colon = option.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !int.TryParse(option.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return conf;

        return option[..colon] switch
        {
            "ndots" => conf with { NDots = Math.Min(value, MaxNDots) },
            "attempts" => conf with { Attempts = Math.Clamp(value, 1, MaxAttempts) },
            "timeout" => conf with { Timeout = TimeSpan.FromSeconds(Math.Clamp(value, 1, MaxTimeoutSeconds)) },
            _ => conf,
        };
    }
}
