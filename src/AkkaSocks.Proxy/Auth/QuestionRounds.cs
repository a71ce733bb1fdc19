using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// Questions that went to several nodes and have not been answered by all. A node that does not answer within 2 s is left out. For the
/// registry's own use.
/// </summary>
/// <param name="view">The nodes that can be asked.</param>
/// <param name="self">The registry.</param>
internal sealed class QuestionRounds(ClusterView view, IActorRef self)
{
    private const long AnswerTime = 2000;
    private readonly Dictionary<long, Round> _rounds = [];
    private long _last;

    /// <summary>Some nodes have not answered yet.</summary>
    public bool AreOpen => _rounds.Count > 0;

    /// <summary>Asks all nodes that can be asked, or one of them.</summary>
    /// <param name="asker">Who is answered in the end.</param>
    /// <param name="besides">Those whose word is waited for as well, and who are asked by the caller.</param>
    /// <param name="answer">Makes the answer of what was said, and of who has said nothing.</param>
    /// <param name="question">Makes the question of its number.</param>
    /// <param name="only">Who alone is asked; null for all.</param>
    /// <returns>The question's number.</returns>
    public long Begin(
        IActorRef asker,
        IEnumerable<NodeIncarnation> besides,
        Func<IReadOnlyList<object>, IReadOnlyCollection<NodeIncarnation>, object> answer,
        Func<long, IClusterMessage> question,
        NodeIncarnation? only = null)
    {
        var peers = view.Peers.Where(peer => peer.Value.IsHeard && (only is not { } one || peer.Key == one)).ToList();
        var number = ++_last;
        var round = new Round(asker, peers.Select(peer => peer.Key).Concat(besides), answer);
        _rounds.Add(number, round);
        foreach (var (_, peer) in peers)
            peer.Registry.Tell(question(number), self);
        AnswerIfComplete(number, round);
        return number;
    }

    /// <summary>A node has said something to a question, which may be over.</summary>
    public void Take(long number, NodeIncarnation node, object said)
    {
        if (!_rounds.TryGetValue(number, out var round))
            return;
        round.Take(node, said);
        AnswerIfComplete(number, round);
    }

    /// <summary>A node will not answer.</summary>
    public void PassOver(NodeIncarnation node)
    {
        foreach (var (number, round) in _rounds.ToList())
        {
            round.Leave(node);
            AnswerIfComplete(number, round);
        }
    }

    /// <summary>Answers without the nodes that have not in time.</summary>
    public void GiveUpTheSilent()
    {
        foreach (var (number, round) in _rounds.Where(it => Environment.TickCount64 - it.Value.AskedAt >= AnswerTime).ToList())
        {
            _rounds.Remove(number);
            round.Answer(self);
        }
    }

    private void AnswerIfComplete(long number, Round round)
    {
        if (!round.IsComplete)
            return;
        _rounds.Remove(number);
        round.Answer(self);
    }

    private sealed class Round(
        IActorRef asker, IEnumerable<NodeIncarnation> asked, Func<IReadOnlyList<object>, IReadOnlyCollection<NodeIncarnation>, object> answer)
    {
        private readonly HashSet<NodeIncarnation> _silent = [.. asked];
        private readonly HashSet<NodeIncarnation> _left = [];
        private readonly List<object> _said = [];

        public long AskedAt { get; } = Environment.TickCount64;

        public bool IsComplete => _silent.Count == 0;

        public void Take(NodeIncarnation node, object said)
        {
            if (_silent.Remove(node))
                _said.Add(said);
        }

        public void Leave(NodeIncarnation node)
        {
            if (_silent.Remove(node))
                _left.Add(node);
        }

        public void Answer(IActorRef registry) => asker.Tell(answer(_said, [.. _silent, .. _left]), registry);
    }
}
