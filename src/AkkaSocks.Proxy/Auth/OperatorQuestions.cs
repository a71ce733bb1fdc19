using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// What operators ask of one registry, answered for the whole cluster: what this node knows at once, the rest by asking all
/// nodes that can be asked. A node that does not answer within 2 s is left out. For the registry's own use.
/// </summary>
internal sealed partial class OperatorQuestions(RegistryWiring wiring, ClusterView view, IActorRef self)
{
    private readonly QuestionRounds _rounds = new(view, self);
    private NodeFigures? _figures;

    /// <summary>This node's figures have been read, which happens beside the registry.</summary>
    /// <param name="Figures">They.</param>
    /// <param name="Asker">Who asked for the nodes; null when nobody did.</param>
    internal sealed record Gauged(NodeFigures Figures, IActorRef? Asker);

    /// <summary>This node's sessions have been looked through, which happens beside the registry.</summary>
    /// <param name="Answer">What was found.</param>
    /// <param name="Asker">The registry that asked.</param>
    internal sealed record Searched(SessionsFound Answer, IActorRef Asker);

    /// <summary>Some nodes have not answered yet.</summary>
    public bool IsWaiting => _rounds.AreOpen;

    private bool IsDraining => wiring.Drain.HasBegun;

    private string Name => wiring.Settings.NodeName;

    /// <summary>Reads this node's figures, and then tells whoever asked of the nodes.</summary>
    /// <param name="asker">Null when nobody did: then all nodes are told of this one.</param>
    public void Gauge(IActorRef? asker) => Task.Run(() =>
    {
        wiring.Actors?.TakeStock();
        return new Gauged(wiring.Gauge.Take(), asker);
    }).PipeTo(self);

    /// <summary>The figures are read.</summary>
    public void Receive(Gauged gauged)
    {
        _figures = gauged.Figures;
        _history.Note(Name, wiring.LiveSessions.Count, gauged.Figures);
        if (gauged.Asker is { } asker)
            asker.Tell(Nodes(), self);
        else
            Report();
    }

    /// <summary>The nodes, as known here.</summary>
    private AuthRegistry.Nodes Nodes() => new(
    [
        new AuthRegistry.NodeStatus(
            Name, TextOf(view.Self), StateOf(view.Status), IsSelf: true, IsDraining, wiring.LiveSessions.Count, _figures),
        .. view.Peers.Select(peer => new AuthRegistry.NodeStatus(
            NameOf(peer.Key, peer.Value),
            TextOf(peer.Key),
            peer.Value.IsHeard ? StateOf(peer.Value.Member.Status) : "unreachable",
            IsSelf: false,
            peer.Value.Report?.IsDraining ?? false,
            peer.Value.Report?.Sessions ?? 0,
            peer.Value.Report?.Figures)).OrderBy(node => node.Name, StringComparer.Ordinal),
    ]);

    /// <summary>Sessions of all nodes.</summary>
    public void Ask(AuthRegistry.GetSessions question, IActorRef asker)
    {
        var unheard = UnheardOf(null);
        var number = _rounds.Begin(
            asker,
            [view.Self],
            (said, silent) => SessionListing.Merge(
                [.. said.Cast<AuthRegistry.SessionPage>()],
                question.Order,
                question.Count,
                NamesOf(silent, unheard)),
            number => new FindSessions(number, view.Self, question));
        Search(new FindSessions(number, view.Self, question), self);
    }

    /// <summary>Ends sessions here and elsewhere.</summary>
    public void Ask(AuthRegistry.TerminateSessions question, IActorRef asker)
    {
        var own = wiring.LiveSessions.Terminate(question.Which.Contains, question.Reason);
        if (own > 0 && question.Which.Id is not null)
        {
            asker.Tell(new AuthRegistry.SessionsTerminated(own), self);
            return;
        }

        _rounds.Begin(
            asker,
            [],
            (said, _) => new AuthRegistry.SessionsTerminated(own + said.Cast<int>().Sum()),
            number => new EndSessions(number, view.Self, question.Which, question.Reason));
    }

    /// <summary>Lets this node or another one drain.</summary>
    public AuthRegistry.Draining Drain(string? node)
    {
        if (IsThis(node))
        {
            DrainThis();
            return new AuthRegistry.Draining(Name);
        }

        if (Find(node!) is not { } other)
            return new AuthRegistry.Draining(null);
        view.Peers[other].Registry.Tell(new DrainNode(view.Self), self);
        return new AuthRegistry.Draining(NameOf(other));
    }

    /// <summary>An operator wants this node to drain.</summary>
    public void DrainThis() => wiring.Drain.Begin(DrainCause.Operator);

    /// <summary>Tells all nodes of this one.</summary>
    public void Report()
    {
        foreach (var peer in view.Peers.Values)
            Report(peer);
    }

    /// <summary>Tells a node that came of this one.</summary>
    public void Greet(NodeIncarnation node)
    {
        if (view.Peers.TryGetValue(node, out var peer))
            Report(peer);
    }

    /// <summary>Another node asks.</summary>
    public void Receive(FindSessions question, IActorRef asker) => Search(question, asker);

    /// <summary>This node's sessions have been looked through.</summary>
    public void Receive(Searched searched)
    {
        if (searched.Asker.Equals(self))
            Receive(searched.Answer);
        else
            searched.Asker.Tell(searched.Answer, self);
    }

    /// <inheritdoc cref="Receive(FindSessions, IActorRef)"/>
    public void Receive(EndSessions question, IActorRef asker) => asker.Tell(
        new SessionsEnded(question.Number, view.Self, wiring.LiveSessions.Terminate(question.Which.Contains, question.Reason)), self);

    /// <summary>Another node has answered.</summary>
    public void Receive(SessionsFound answer) => _rounds.Take(answer.Number, answer.Node, answer.Page);

    /// <inheritdoc cref="Receive(SessionsFound)"/>
    public void Receive(SessionsEnded answer) => _rounds.Take(answer.Number, answer.Node, answer.Count);

    /// <summary>A node will not answer.</summary>
    public void PassOver(NodeIncarnation node) => _rounds.PassOver(node);

    /// <summary>Answers without the nodes that have not in time.</summary>
    public void GiveUpTheSilent() => _rounds.GiveUpTheSilent();

    private static long Now => Environment.TickCount64;

    // What stands behind the scheme and the name of the actor system.
    private static string TextOf(NodeIncarnation node) => node.Address[(node.Address.IndexOf('@', StringComparison.Ordinal) + 1)..];

    // Before it has joined a node is no member, to Akka the same as one that was removed.
    private static string StateOf(MemberStatus status) => status switch
    {
        MemberStatus.Up => "up",
        MemberStatus.WeaklyUp => "weakly-up",
        MemberStatus.Joining => "joining",
        MemberStatus.Leaving => "leaving",
        MemberStatus.Exiting => "exiting",
        MemberStatus.Down => "down",
        _ => "no-member",
    };

    private static string NameOf(NodeIncarnation node, ClusterView.Peer? peer) => peer?.Report?.Name ?? TextOf(node);

    private string NameOf(NodeIncarnation node) => node == view.Self ? Name : NameOf(node, view.Peers.GetValueOrDefault(node));

    /// <summary>Names of the nodes that cannot be asked, which is known from the start; of all, or of one.</summary>
    private List<string> UnheardOf(NodeIncarnation? only) =>
        [.. view.Unheard.Where(node => only is not { } one || node == one).Select(NameOf)];

    private ImmutableArray<string> NamesOf(IEnumerable<NodeIncarnation> silent, IEnumerable<string> unheard) =>
        [.. silent.Select(NameOf).Concat(unheard).Distinct().Order(StringComparer.Ordinal)];

    private void Report(ClusterView.Peer peer) =>
        peer.Registry.Tell(new NodeReport(view.Self, Name, IsDraining, wiring.LiveSessions.Count, _figures), self);

    private void Search(FindSessions question, IActorRef asker) =>
        Task.Run(() => new Searched(
            new SessionsFound(
                question.Number, view.Self, SessionListing.PageOf(wiring.LiveSessions, Name, question.Question, Now)),
            asker)).PipeTo(self);

    private bool IsThis(string? node) => node is null || node == Name || node == TextOf(view.Self);

    /// <summary>The other node of a name or address; null when there is none.</summary>
    private NodeIncarnation? Find(string node)
    {
        foreach (var (incarnation, peer) in view.Peers)
        {
            if (node == peer.Report?.Name || node == TextOf(incarnation))
                return incarnation;
        }

        return null;
    }
}
