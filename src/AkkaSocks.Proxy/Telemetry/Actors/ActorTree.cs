using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>
/// The actors that live, as a tree. It is read from outside, without a message to anybody, on a thread of its own: no event loop
/// waits for it, however many actors there are. What it shows was true a moment ago, and not all of it at the same one.
/// </summary>
/// <param name="system">Whose actors.</param>
/// <param name="sessions">The sessions there are, for their states.</param>
internal sealed class ActorTree(ActorSystem system, Func<IEnumerable<(IActorRef Actor, SessionRecord Record)>> sessions)
{
    private const int MostShown = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>An actor.</summary>
    /// <param name="Path">Where in the tree.</param>
    /// <param name="Type">Its type's name.</param>
    /// <param name="State">What it is doing, where that is known: of a session its phase.</param>
    /// <param name="Mailbox">Messages that wait.</param>
    /// <param name="Age">Since its start; null when that was not measured.</param>
    /// <param name="Children">How many it has.</param>
    /// <param name="Shown">Those of them that are shown.</param>
    internal sealed record Node(
        string Path, string Type, string? State, int Mailbox, TimeSpan? Age, int Children, ImmutableArray<Node> Shown);

    /// <summary>What was found.</summary>
    /// <param name="Roots"><c>/user</c> and <c>/system</c>.</param>
    /// <param name="IsCut">There was more to show than a reader could use, or than could be read in a second.</param>
    internal sealed record View(ImmutableArray<Node> Roots, bool IsCut);

    /// <summary>Reads the tree; null when others have been waiting too long for it already.</summary>
    /// <param name="depth">Levels; 1 is <c>/user</c> and <c>/system</c> alone.</param>
    /// <param name="top">Children shown of each actor at most: those with the most messages waiting, then the oldest.</param>
    /// <param name="cancelled">Nobody wants it any more.</param>
    public async Task<View?> ReadAsync(int depth, int top, CancellationToken cancelled)
    {
        if (!await _turn.WaitAsync(Longest * 3, cancelled).ConfigureAwait(false))
            return null;
        try
        {
            return await Task.Factory.StartNew(() => Read(depth, top), cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private View Read(int depth, int top)
    {
        var states = new Dictionary<IActorRef, SessionRecord>(ReferenceEqualityComparer.Instance);
        if (depth > 2)
        {
            foreach (var (actor, record) in sessions())
                states[actor] = record;
        }

        var provider = ((ExtendedActorSystem)system).Provider;
        var walk = new Walk(states, top);
        return new View([walk.Visit(provider.Guardian, depth), walk.Visit(provider.SystemGuardian, depth)], walk.IsCut);
    }

    private sealed class Walk(Dictionary<IActorRef, SessionRecord> states, int top)
    {
        private readonly long _begun = Stopwatch.GetTimestamp();
        private int _shown;

        public bool IsCut { get; private set; }

        public Node Visit(ActorRefWithCell actor, int depth)
        {
            _shown++;
            var queue = QueueOf(actor);
            var children = Children(actor);
            return new Node(
                actor.Path.ToStringWithoutAddress(),
                actor.Underlying.Props.Type.Name,
                states.TryGetValue(actor, out var record) ? record.StateLabel : null,
                actor.Underlying.NumberOfMessages,
                queue?.Age,
                children.Count,
                depth > 1 ? Shown(children, depth - 1) : []);
        }

        private List<ActorRefWithCell> Children(ActorRefWithCell actor)
        {
            var children = new List<ActorRefWithCell>();
            foreach (var child in actor.Children.OfType<ActorRefWithCell>())
            {
                if (IsTooMuch())
                    break;
                children.Add(child);
            }

            return children;
        }

        private ImmutableArray<Node> Shown(List<ActorRefWithCell> children, int depth)
        {
            var shown = ImmutableArray.CreateBuilder<Node>();
            var chosen = children.Select(child => (Child: child, Queue: QueueOf(child)))
                .OrderByDescending(it => it.Queue?.Count ?? it.Child.Underlying.NumberOfMessages).ThenByDescending(it => it.Queue?.Age)
                .Take(top);
            foreach (var (child, _) in chosen)
            {
                if (IsTooMuch())
                    break;
                shown.Add(Visit(child, depth));
            }

            IsCut |= shown.Count < children.Count;
            return shown.ToImmutable();
        }

        private bool IsTooMuch()
        {
            var isTooMuch = _shown >= MostShown || Stopwatch.GetElapsedTime(_begun) > Longest;
            IsCut |= isTooMuch;
            return isTooMuch;
        }

        private static ActorQueue? QueueOf(ActorRefWithCell actor) => (actor.Underlying as ActorCell)?.Mailbox?.MessageQueue as ActorQueue;
    }
}
