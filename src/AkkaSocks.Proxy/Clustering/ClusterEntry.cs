using System.Net;
using Akka.Actor;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Transport.Sockets;
using Cluster = Akka.Cluster.Cluster;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>How a node becomes a member.</summary>
internal static class ClusterEntry
{
    private static readonly TimeSpan LookForPeerEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookForCertificatesEvery = TimeSpan.FromSeconds(5);

    /// <summary>Where this node is reached by others.</summary>
    public static IReadOnlyList<IPEndPoint> EndpointsOf(ActorSystem system, ClusterSettings settings)
    {
        // Akka has resolved and bound it already, so it can be.
        var addresses = IPAddress.TryParse(settings.Host, out var address) ? [address] : Dns.GetHostAddresses(settings.Host);
        return [.. addresses.Select(it => new IPEndPoint(it, Cluster.Get(system).SelfAddress.Port!.Value))];
    }

    /// <summary>Joins the seeds, or founds a cluster of one where there are none.</summary>
    /// <param name="system">Whose configuration and setup are those of a node.</param>
    /// <param name="drain">Begun when the cluster is lost and the node has to come back as a new one.</param>
    /// <returns>The cluster.</returns>
    public static Cluster Join(ActorSystem system, NodeDrain drain)
    {
        var setup = system.Settings.Setup.Get<ClusterSetup>().Value;
        var cluster = Cluster.Get(system);
        var self = cluster.SelfAddress;
        cluster.RegisterOnMemberRemoved(() => drain.Begin(DrainCause.Downed));
        system.ActorOf(MergeWatch.Props(drain, peer => AnswersAsync(peer, setup.Tls), LookForPeerEvery), "merge-watch");
        Address[] seeds = [.. setup.Settings.Seeds.Select(seed => new Address(self.Protocol, self.System, seed.Host, seed.Port))];
        system.ActorOf(StrayWatch.Props(drain, [.. seeds], peer => AnswersAsync(peer, setup.Tls), LookForPeerEvery), StrayWatch.Name);
        if (setup.Tls is { } tls)
            system.ActorOf(CertificateWatch.Props(tls, LookForCertificatesEvery), "certificate-watch");
        if (seeds.Length == 0)
            cluster.Join(self);
        else
            cluster.JoinSeedNodes(seeds);
        return cluster;
    }

    private static Task<bool> AnswersAsync(Address peer, ClusterTls? tls) =>
        PortProbe.AnswersAsync(peer.Host!, peer.Port!.Value, tls?.Certificate, certificate => tls!.IsSigned(certificate, out _));
}
