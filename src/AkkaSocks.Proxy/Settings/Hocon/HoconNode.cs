using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>A piece of configuration together with where it stands, so that no message can name another place than the value it
/// is about.</summary>
internal abstract class HoconNode(Origin origin)
{
    /// <summary>Where it stands; for an object the place that added to it last.</summary>
    public Origin Origin { get; protected set; } = origin;
}

/// <summary>Text, a number or a word: HOCON leaves the difference to the reader.</summary>
internal sealed class HoconText(Origin origin, string text, bool quoted) : HoconNode(origin)
{
    /// <summary>The text, without quotes.</summary>
    public string Text => text;

    /// <summary>It stood in quotes, so <c>null</c> and blanks are text.</summary>
    public bool Quoted => quoted;
}

/// <summary><c>[a, b]</c></summary>
internal sealed class HoconArray(Origin origin, ImmutableArray<HoconNode> items) : HoconNode(origin)
{
    /// <summary>What it holds.</summary>
    public ImmutableArray<HoconNode> Items => items;
}

/// <summary>A value that could not be had; the problem is on the list already, and nobody complains about it again.</summary>
internal sealed class HoconAbsent(Origin origin) : HoconNode(origin);

/// <summary><c>${path.to.key}</c>: a value that stands elsewhere. Gone after <see cref="HoconResolver"/>.</summary>
internal sealed class HoconReference(Origin origin, KeyPath path) : HoconNode(origin)
{
    /// <summary>Where the value stands.</summary>
    public KeyPath Path => path;
}

/// <summary>Several values side by side: text is joined, objects are merged, lists are chained. Gone after
/// <see cref="HoconResolver"/>.</summary>
internal sealed class HoconSequence(Origin origin, ImmutableArray<HoconNode> parts) : HoconNode(origin)
{
    /// <summary>The values, and the blanks between them.</summary>
    public ImmutableArray<HoconNode> Parts => parts;
}

/// <summary>A key set twice, one of the two by a <see cref="HoconReference"/>: whether they merge is known only when that is
/// resolved. Gone after <see cref="HoconResolver"/>.</summary>
internal sealed class HoconOverlay(HoconNode earlier, HoconNode later) : HoconNode(later.Origin)
{
    /// <summary>What stood there before.</summary>
    public HoconNode Earlier => earlier;

    /// <summary>What wins, unless both are objects.</summary>
    public HoconNode Later => later;
}
