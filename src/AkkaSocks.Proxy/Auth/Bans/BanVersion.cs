using System.Globalization;

namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>
/// Names one act of banning or lifting, and says which of two about the same target counts: the later. A Lamport clock, so it
/// asks no clock of any node; of two that knew nothing of each other all nodes take the same one.
/// </summary>
/// <param name="Counter">From 1; higher than all that the node had heard of.</param>
/// <param name="Origin">Drawn at random by each run of a node.</param>
internal readonly record struct BanVersion(long Counter, uint Origin) : IComparable<BanVersion>
{
    /// <summary>Far from an overflow, which no node reaches by counting.</summary>
    public const long MaxCounter = 1L << 53;

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out BanVersion version)
    {
        version = default;
        var dash = text.IndexOf('-');
        if (dash < 0
            || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var counter)
            || !uint.TryParse(text.AsSpan(dash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var origin))
            return false;
        version = new BanVersion(counter, origin);
        return version.ToString() == text;
    }

    /// <inheritdoc/>
    public int CompareTo(BanVersion other) => (Counter, Origin).CompareTo((other.Counter, other.Origin));

    /// <summary><c>17-0a1b2c3d</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Counter}-{Origin:x8}");
}
