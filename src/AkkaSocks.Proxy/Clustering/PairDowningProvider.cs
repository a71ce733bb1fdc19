using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.SBR;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>
/// Who decides that an unreachable member is gone: Akka's split brain resolver, and for a cluster of exactly two
/// <see cref="PairDowning"/> beside it. No strategy of Akka's lets the survivor of two live whichever of them dies.
/// </summary>
internal sealed class PairDowningProvider : IDowningProvider
{
    private readonly SplitBrainResolverProvider _resolver;
    private readonly TimeSpan _pairAfter;

    /// <summary>Called by Akka.</summary>
    public PairDowningProvider(ActorSystem system, Cluster cluster)
    {
        _resolver = new SplitBrainResolverProvider(system, cluster);
        _pairAfter = system.Settings.Setup.Get<ClusterSetup>().Value.Settings.PairAfter;
    }

    /// <inheritdoc/>
    public TimeSpan DownRemovalMargin => _resolver.DownRemovalMargin;

    /// <inheritdoc/>
    public Props DowningActorProps => PairDowning.Props(_resolver.DowningActorProps, _pairAfter);
}
