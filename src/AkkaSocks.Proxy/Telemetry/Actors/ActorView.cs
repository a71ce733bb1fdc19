using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Telemetry.Actors;

/// <summary>The actors of a node, as they were a moment ago.</summary>
/// <param name="Types">By type; empty where <c>metrics.actors</c> is off.</param>
/// <param name="Roots"><c>/user</c> and <c>/system</c>.</param>
/// <param name="IsCut">There are more than are shown.</param>
internal sealed record ActorView(ImmutableArray<ActorTypeSummary> Types, ImmutableArray<ActorTree.Node> Roots, bool IsCut)
{
    /// <summary>Types of messages that are shown at most, by receiver: as many as find room in a frame beside the tree.</summary>
    public const int MostMessages = 250;

    // Half the frame of 128,000 bytes that remoting would drop without a word. Types are some 60 of 100 bytes, and messages as many as
    // are shown of 120.
    private const int MostBytes = 56_000;
    private const int BytesBesidesTexts = 40;

    /// <summary>What messages cost by receiver, those first that take most time; empty where <c>metrics.actors</c> is off.</summary>
    public ImmutableArray<MessageProfile> Messages { get; init; } = [];

    /// <summary>As much of it as another node can be sent: of actors with many children fewer are shown.</summary>
    public ActorView ThatFits()
    {
        var view = this;
        for (var top = Roots.Select(Widest).DefaultIfEmpty().Max(); top > 0 && view.Roots.Sum(BytesOf) > MostBytes;)
        {
            top /= 2;
            view = view with { Roots = [.. Roots.Select(root => Cut(root, top))], IsCut = true };
        }

        return view;
    }

    private static int Widest(ActorTree.Node node) => node.Shown.Select(Widest).Append(node.Shown.Length).Max();

    private static int BytesOf(ActorTree.Node node) =>
        BytesBesidesTexts + node.Path.Length + node.Type.Length + (node.State?.Length ?? 0) + node.Shown.Sum(BytesOf);

    private static ActorTree.Node Cut(ActorTree.Node node, int top) =>
        node with { Shown = [.. node.Shown.Take(top).Select(child => Cut(child, top))] };
}
