using System.Net;
using Akka.Actor;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;
using Cluster = Akka.Cluster.Cluster;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>How a node becomes a member.</summary>
internal static class ClusterEntry
{
    /// <summary>Joins the seeds, or founds a cluster of one where there are none. The port for nodes becomes one that no client reaches.</summary>
    public static void Join(ActorSystem system, ClusterSettings settings, OwnEndpoints own)
    {
        var cluster = Cluster.Get(system);
        var self = cluster.SelfAddress;
        foreach (var address in AddressesOf(settings.Host))
            own.Add(new IPEndPoint(address, self.Port!.Value));

        if (settings.Seeds.IsEmpty)
            cluster.Join(self);
        else
            cluster.JoinSeedNodes([.. settings.Seeds.Select(seed => new Address(self.Protocol, self.System, seed.Host, seed.Port))]);
    }

    // Akka has resolved and bound it already, so it can be.
    private static IPAddress[] AddressesOf(string host) =>
        IPAddress.TryParse(host, out var address) ? [address] : Dns.GetHostAddresses(host);
}
