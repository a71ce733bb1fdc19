using System.Net;
using Akka.Actor;
using AkkaSocks.Proxy.Settings;
using Cluster = Akka.Cluster.Cluster;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>How a node becomes a member.</summary>
internal static class ClusterEntry
{
    /// <summary>Where this node is reached by others.</summary>
    public static IReadOnlyList<IPEndPoint> EndpointsOf(ActorSystem system, ClusterSettings settings)
    {
        // Akka has resolved and bound it already, so it can be.
        var addresses = IPAddress.TryParse(settings.Host, out var address) ? [address] : Dns.GetHostAddresses(settings.Host);
        return [.. addresses.Select(it => new IPEndPoint(it, Cluster.Get(system).SelfAddress.Port!.Value))];
    }

    /// <summary>Joins the seeds, or founds a cluster of one where there are none.</summary>
    public static void Join(ActorSystem system, ClusterSettings settings)
    {
        var cluster = Cluster.Get(system);
        var self = cluster.SelfAddress;
        if (settings.Seeds.IsEmpty)
            cluster.Join(self);
        else
            cluster.JoinSeedNodes([.. settings.Seeds.Select(seed => new Address(self.Protocol, self.System, seed.Host, seed.Port))]);
    }
}
