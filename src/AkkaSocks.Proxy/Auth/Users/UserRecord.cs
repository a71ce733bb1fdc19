using System.Collections.Immutable;
using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users.Wire;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>
/// Who may log in, with what, and how far: one user as every node knows it, or the tombstone of one that was removed. Of two
/// records of a name one always supersedes the other, whoever compares them, so nodes that have seen the same records, in
/// whatever order, hold the same.
/// </summary>
/// <remarks>Kept by the hundred thousand, so it is small: the password is held as bytes and the expiry as a number.</remarks>
internal sealed record UserRecord
{
    private static readonly ImmutableSortedDictionary<string, string> NoLabels =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private readonly byte[] _password = [];
    private readonly long? _expiresAt;
    private readonly ImmutableArray<string> _groups = [];
    private readonly ImmutableSortedDictionary<string, string> _labels = NoLabels;

    /// <summary>What the client says it is (RFC 1929 UNAME).</summary>
    public required UserName Name { get; init; }

    /// <summary>The password as a PHC string; empty in a tombstone.</summary>
    public required string Password
    {
        get => Encoding.UTF8.GetString(_password);
        init => _password = Encoding.UTF8.GetBytes(value);
    }

    /// <summary>False: the user is kept and cannot log in.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Sessions at once in the whole cluster; null for no limit.</summary>
    public int? MaxSessions { get; init; }

    /// <summary>Commands the user may use; null for every one that the node offers.</summary>
    public CommandSet? Commands { get; init; }

    /// <summary>From then on the user cannot log in, to the millisecond, in UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get => _expiresAt is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        init => _expiresAt = value?.ToUnixTimeMilliseconds();
    }

    /// <summary>Groups the user is in.</summary>
    public ImmutableArray<string> Groups
    {
        get => _groups;
        init => _groups = value.IsDefault ? [] : value;
    }

    /// <summary>What operators note about the user, in ordinal order.</summary>
    public ImmutableSortedDictionary<string, string> Labels
    {
        get => _labels;
        init => _labels = value.IsEmpty ? NoLabels : value.WithComparers(StringComparer.Ordinal);
    }

    /// <summary>When this was written, by the writer's <see cref="HybridClock"/>. 0: not written yet.</summary>
    public long Revision { get; init; }

    /// <summary>The node that wrote it.</summary>
    public string Writer { get; init; } = "";

    /// <summary>A tombstone: the user was removed, and no older record may bring it back.</summary>
    public bool Deleted { get; init; }

    /// <summary>The tombstone of a user; it has no revision yet.</summary>
    public static UserRecord Tombstone(UserName name) => new() { Name = name, Password = "", Enabled = false, Deleted = true };

    /// <summary>
    /// Whether this record takes the place of another of the same name: the higher revision wins, then the writer, and then,
    /// which only a clock that was set back can bring about, the longer and the greater content. A strict total order.
    /// </summary>
    public bool Supersedes(UserRecord other)
    {
        if (Revision != other.Revision)
            return Revision > other.Revision;
        if (string.CompareOrdinal(Writer, other.Writer) is var writers and not 0)
            return writers > 0;
        var (mine, its) = (UserWire.Pack(this), UserWire.Pack(other));
        return mine.Length != its.Length ? mine.Length > its.Length : mine.AsSpan().SequenceCompareTo(its) > 0;
    }

    /// <summary>Whether the user may not log in any more at this time.</summary>
    public bool HasExpired(DateTimeOffset now) => _expiresAt is { } milliseconds && now.ToUnixTimeMilliseconds() >= milliseconds;

    /// <inheritdoc/>
    public bool Equals(UserRecord? other) => ReferenceEquals(this, other)
        || (other is not null && Name == other.Name && Revision == other.Revision
            && UserWire.Pack(this).AsSpan().SequenceEqual(UserWire.Pack(other)));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Revision);

    /// <summary>Name and revision: a record may come into a log, and its password must not.</summary>
    public override string ToString() => $"{(Deleted ? "removed user" : "user")} {Name} of revision {Revision} by {Writer}";
}
