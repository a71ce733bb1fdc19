using System.Collections.Immutable;
using System.Net;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.cluster</c>.</summary>
internal static class ClusterReader
{
    // Akka's resolver decides after 7 s in reference.conf; the pair's rule must come well before it.
    private static readonly ValueReader<TimeSpan> PairAfter = DurationText.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6));
    private static readonly ValueReader<TimeSpan> Drain = DurationText.Between(TimeSpan.Zero, TimeSpan.FromDays(1));

    /// <summary>Reads the section.</summary>
    public static ClusterSettings Read(ConfigSection cluster)
    {
        var host = cluster.Value<string>("host", HostText.Read);
        var port = cluster.Value("port", ScalarText.ReadCount(0, ushort.MaxValue));
        var seeds = cluster.List<HostAndPort>("seeds", "[\"10.0.0.1:4053\", \"10.0.0.2:4053\"]", HostText.ReadWithPort);
        var tls = cluster.Section("tls", Tls);
        if (seeds.Length == 1)
        {
            cluster.Refuse("seeds", "a lone seed that restarts would found a second cluster beside the first; "
                + "list two nodes at least, the same on every node, or none for a cluster of one");
        }

        if (seeds.Length > 0 && port == 0)
            cluster.Refuse("port", "the other nodes must know it: with seeds, expected a port from 1 to 65535");
        if (tls is null && !IsLoopback(host))
        {
            cluster.Refuse("host", "beyond loopback nodes talk over mutual TLS only, for whoever reaches the port could join; "
                + "set cluster.tls { certificate, key, ca }");
        }

        return new ClusterSettings
        {
            Host = host,
            Port = port,
            Seeds = seeds,
            PairAfter = cluster.Value("pair-after", PairAfter),
            PreStopDelay = cluster.Value("pre-stop-delay", Drain),
            DrainTimeout = cluster.Value("drain-timeout", Drain),
            Tls = tls,
        };
    }

    private static ClusterTlsSettings? Tls(ConfigSection tls)
    {
        (string Key, string Path)[] files = [.. ImmutableArray.Create("certificate", "key", "ca").Select(key => (key, tls.Value<string>(key, FilePath)))];
        if (Array.TrueForAll(files, file => file.Path is ""))
            return null;
        foreach (var (key, _) in files.Where(file => file.Path is ""))
            tls.Refuse(key, "certificate, key and ca go together; expected the path of a PEM file");
        var settings = new ClusterTlsSettings(files[0].Path, files[1].Path, files[2].Path);
        if (Array.TrueForAll(files, file => file.Path is { Length: > 0 }) && PemFiles.Problem(settings) is var (wrong, problem))
            tls.Refuse(wrong, problem);
        return settings;
    }

    private static string? FilePath(string text, out string value)
    {
        value = text;
        return text.Length == 0 || File.Exists(text) ? null : "the path of a PEM file; there is no such file";
    }

    // A host that could not be read has been refused already.
    private static bool IsLoopback(string? host) =>
        host is null or "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
