using System.Net;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.cluster</c>.</summary>
internal static class ClusterReader
{
    private static readonly ValueReader<TimeSpan> DrainTimeout = DurationText.Between(TimeSpan.Zero, TimeSpan.FromDays(1));

    /// <summary>Reads the section.</summary>
    public static ClusterSettings Read(ConfigSection cluster)
    {
        var host = cluster.Value<string>("host", HostText.Read);
        var port = cluster.Value("port", ScalarText.ReadCount(0, ushort.MaxValue));
        var seeds = cluster.List<HostAndPort>("seeds", "[\"127.0.0.1:4053\", \"127.0.0.1:4054\"]", HostText.ReadWithPort);
        if (seeds.Length == 1)
        {
            cluster.Refuse("seeds", "a lone seed that restarts would found a second cluster beside the first; "
                + "list two nodes at least, the same on every node, or none for a cluster of one");
        }

        if (seeds.Length > 0 && port == 0)
            cluster.Refuse("port", "the other nodes must know it: with seeds, expected a port from 1 to 65535");
        if (!IsLoopback(host))
            cluster.Refuse("host", "expected a loopback address: nodes talk in the clear, and whoever reaches the port could join");

        return new ClusterSettings
        {
            Host = host,
            Port = port,
            Seeds = seeds,
            DrainTimeout = cluster.Value("drain-timeout", DrainTimeout),
        };
    }

    // A host that could not be read has been refused already.
    private static bool IsLoopback(string? host) =>
        host is null or "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
