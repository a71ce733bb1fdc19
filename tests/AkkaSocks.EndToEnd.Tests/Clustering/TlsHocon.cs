using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>The configuration that names a node's certificate.</summary>
internal static class TlsHocon
{
    public static string Of(ClusterTlsSettings files) => $$"""
        akkasocks.cluster.tls {
          certificate = "{{files.Certificate}}"
          key = "{{files.Key}}"
          ca = "{{files.Ca}}"
        }
        """;
}
