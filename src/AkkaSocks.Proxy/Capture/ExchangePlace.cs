using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AkkaSocks.Proxy.Capture;

/// <summary>Where an exchange stands in a list of several nodes', the latest to end first.</summary>
/// <param name="EndedAt">When it ended: its <see cref="DateTimeOffset.UtcTicks"/>, by its node's clock.</param>
/// <param name="Node">The name of its node.</param>
/// <param name="Id">Its place among all of the node.</param>
internal readonly record struct ExchangePlace(long EndedAt, string Node, long Id) : IComparable<ExchangePlace>
{
    // Stands in no name of a node.
    private const char Between = ':';

    /// <summary>The place of an exchange.</summary>
    public static ExchangePlace Of(CapturedExchange exchange, string node) =>
        new((exchange.Started + exchange.Duration).UtcTicks, node, exchange.Id);

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ExchangePlace? place)
    {
        place = null;
        if (text.Split(Between, 2) is [var at, var name] && TryReadNumber(at, out var endedAt) && TryParseName(name, out var node, out var id))
            place = new ExchangePlace(endedAt, node, id);
        return place is not null;
    }

    /// <summary>The name of an exchange in the cluster: the node's and its place there.</summary>
    public static string NameOf(string node, long id) => string.Create(CultureInfo.InvariantCulture, $"{node}{Between}{id}");

    /// <summary>Reads what <see cref="NameOf"/> has written.</summary>
    public static bool TryParseName(string text, out string node, out long id)
    {
        var between = text.LastIndexOf(Between);
        node = between > 0 ? text[..between] : "";
        return TryReadNumber(text[(between + 1)..], out id) && between > 0;
    }

    /// <inheritdoc/>
    public int CompareTo(ExchangePlace other) =>
        other.EndedAt != EndedAt ? other.EndedAt.CompareTo(EndedAt)
        : string.CompareOrdinal(Node, other.Node) is var order and not 0 ? order
        : other.Id.CompareTo(Id);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{EndedAt}{Between}{NameOf(Node, Id)}");

    private static bool TryReadNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
