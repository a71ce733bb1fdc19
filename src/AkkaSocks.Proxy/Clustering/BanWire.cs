using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Limits;
using Google.Protobuf;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of what nodes tell each other about bans and failed logins.</summary>
internal static class BanWire
{
    // Nothing that is remembered lasts longer, and no node tells more at once.
    private const long LongestMs = 400L * 24 * 60 * 60 * 1000;
    private const int MostItems = 10_000;
    private const int LongestReason = 1024;

    /// <summary>The frame of a message.</summary>
    public static BansChangedFrame Write(BansChanged message) => new()
    {
        Node = NodeWire.Write(message.Node), Bans = { message.Bans.Select(Write) },
    };

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static BansChanged Read(BansChangedFrame frame) => new(NodeWire.Read(frame.Node), [.. Some(frame.Bans).Select(Read)]);

    /// <inheritdoc cref="Write(BansChanged)"/>
    public static BanDigestFrame Write(BanDigest message) => new()
    {
        Node = NodeWire.Write(message.Node), Count = message.Count, Hash = message.Hash,
    };

    /// <inheritdoc cref="Read(BansChangedFrame)"/>
    public static BanDigest Read(BanDigestFrame frame) => new(NodeWire.Read(frame.Node), frame.Count, frame.Hash);

    /// <inheritdoc cref="Write(BansChanged)"/>
    public static BanRequestFrame Write(BanRequest message) => new() { Receiver = NodeWire.Write(message.Receiver) };

    /// <inheritdoc cref="Read(BansChangedFrame)"/>
    public static BanRequest Read(BanRequestFrame frame) => new(NodeWire.Read(frame.Receiver));

    /// <inheritdoc cref="Write(BansChanged)"/>
    public static LoginsFailedFrame Write(LoginsFailed message) => new()
    {
        Node = NodeWire.Write(message.Node), First = message.First, Failures = { message.Failures.Select(Write) },
    };

    /// <inheritdoc cref="Read(BansChangedFrame)"/>
    public static LoginsFailed Read(LoginsFailedFrame frame) => frame.First is < 1 or > long.MaxValue - MostItems
        ? throw NodeWire.Impossible("no such failure")
        : new LoginsFailed(NodeWire.Read(frame.Node), frame.First, [.. Some(frame.Failures).Select(Read)]);

    /// <inheritdoc cref="Write(BansChanged)"/>
    public static AddressesKnownFrame Write(AddressesKnown message) => new()
    {
        Node = NodeWire.Write(message.Node),
        Known =
        {
            message.Known.Select(known => new KnownAddressFrame { Login = Write(known.Origin), RemainingMs = Milliseconds(known.Remaining) }),
        },
    };

    /// <inheritdoc cref="Read(BansChangedFrame)"/>
    public static AddressesKnown Read(AddressesKnownFrame frame) => new(
        NodeWire.Read(frame.Node),
        [.. Some(frame.Known).Select(known => new KnownAddress(Read(known.Login), Remaining(known.RemainingMs)))]);

    private static BanFrame Write(BanNotice ban)
    {
        var frame = new BanFrame
        {
            Counter = ban.Version.Counter,
            Origin = ban.Version.Origin,
            Cause = (int)ban.Cause,
            IsLifted = ban.IsLifted,
            RemainingMs = Milliseconds(ban.Remaining),
        };
        if (ban.Target.User is { } user)
            frame.User = NodeWire.Write(user);
        if (ban.Target.Network is { } network)
            frame.Network = ByteString.CopyFrom(network.Bytes);
        if (ban.Reason is { } reason)
            frame.Reason = reason;
        return frame;
    }

    private static BanNotice Read(BanFrame frame)
    {
        if (!frame.HasUser && !frame.HasNetwork)
            throw NodeWire.Impossible("a ban of nobody");
        if (frame.Counter is < 1 or > BanVersion.MaxCounter)
            throw NodeWire.Impossible("no such version");
        if (!Enum.IsDefined((BanCause)frame.Cause))
            throw NodeWire.Impossible("no such cause");
        if (frame.HasReason && frame.Reason.Length > LongestReason)
            throw NodeWire.Impossible("a reason of that length");
        return new BanNotice(
            new BanTarget(frame.HasUser ? NodeWire.Read(frame.User) : null, frame.HasNetwork ? ReadNetwork(frame.Network) : null),
            new BanVersion(frame.Counter, frame.Origin),
            (BanCause)frame.Cause,
            frame.HasReason ? frame.Reason : null,
            frame.IsLifted,
            Remaining(frame.RemainingMs));
    }

    private static LoginFrame Write(LoginOrigin login) => new()
    {
        User = NodeWire.Write(login.User), Network = ByteString.CopyFrom(login.Network.Bytes),
    };

    private static LoginOrigin Read(LoginFrame? frame) => frame is null
        ? throw NodeWire.Impossible("a login is missing")
        : new LoginOrigin(NodeWire.Read(frame.User), ReadNetwork(frame.Network));

    private static ClientNetwork ReadNetwork(ByteString bytes) => ClientNetwork.TryRead(bytes.Span, out var network)
        ? network
        : throw NodeWire.Impossible("a network of that length");

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static TimeSpan Remaining(long milliseconds) => milliseconds is < 0 or > LongestMs
        ? throw NodeWire.Impossible("a time of that length")
        : TimeSpan.FromMilliseconds(milliseconds);

    private static IList<T> Some<T>(IList<T> items) => items.Count <= MostItems ? items : throw NodeWire.Impossible("that many");
}
