using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Auth.Users.Wire;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Feed;
using Google.Protobuf;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>
/// Everything of ours that crosses from node to node, one line per message. No type name stands on the wire, so nobody can
/// have a type made that is not in this list. A manifest that is not known is dropped by Akka with one log line; the
/// association stays, so nodes of two versions get along.
/// </summary>
internal sealed class ClusterMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The messages. To add one: its frame in a .proto file, and its line here.</summary>
    public static readonly ImmutableArray<MessageFormat> Formats =
    [
        MessageFormat.Of<AcquireSession, AcquireSessionFrame>("AS", AcquireSessionFrame.Parser, AdmissionWire.Write, AdmissionWire.Read),
        MessageFormat.Of<SessionDecision, SessionDecisionFrame>("SD", SessionDecisionFrame.Parser, AdmissionWire.Write, AdmissionWire.Read),
        MessageFormat.Of<LedgerDelta, LedgerDeltaFrame>("LD", LedgerDeltaFrame.Parser, LedgerWire.Write, LedgerWire.Read),
        MessageFormat.Of<LedgerDigest, LedgerDigestFrame>("LG", LedgerDigestFrame.Parser, LedgerWire.Write, LedgerWire.Read),
        MessageFormat.Of<LedgerSnapshot, LedgerSnapshotFrame>("LS", LedgerSnapshotFrame.Parser, LedgerWire.Write, LedgerWire.Read),
        MessageFormat.Of<LedgerSnapshotRequest, LedgerSnapshotRequestFrame>(
            "LR", LedgerSnapshotRequestFrame.Parser, LedgerWire.Write, LedgerWire.Read),
        MessageFormat.Of<NodeReport, NodeReportFrame>("NR", NodeReportFrame.Parser, OperatorWire.Write, OperatorWire.Read),
        MessageFormat.Of<FindSessions, FindSessionsFrame>("FS", FindSessionsFrame.Parser, OperatorWire.Write, OperatorWire.Read),
        MessageFormat.Of<SessionsFound, SessionsFoundFrame>("SF", SessionsFoundFrame.Parser, OperatorWire.Write, OperatorWire.Read),
        MessageFormat.Of<EndSessions, EndSessionsFrame>("ES", EndSessionsFrame.Parser, OperatorWire.Write, OperatorWire.Read),
        MessageFormat.Of<SessionsEnded, SessionsEndedFrame>("SE", SessionsEndedFrame.Parser, OperatorWire.Write, OperatorWire.Read),
        MessageFormat.Of<FindRefusals, FindRefusalsFrame>("FR", FindRefusalsFrame.Parser, RefusalWire.Write, RefusalWire.Read),
        MessageFormat.Of<RefusalsFound, RefusalsFoundFrame>("RF", RefusalsFoundFrame.Parser, RefusalWire.Write, RefusalWire.Read),
        MessageFormat.Of<FindExchanges, FindExchangesFrame>("FE", FindExchangesFrame.Parser, CaptureWire.Write, CaptureWire.Read),
        MessageFormat.Of<ExchangesFound, ExchangesFoundFrame>("EF", ExchangesFoundFrame.Parser, CaptureWire.Write, CaptureWire.Read),
        MessageFormat.Of<FindExchange, FindExchangeFrame>("FX", FindExchangeFrame.Parser, CaptureWire.Write, CaptureWire.Read),
        MessageFormat.Of<ExchangeFound, ExchangeFoundFrame>("XF", ExchangeFoundFrame.Parser, CaptureWire.Write, CaptureWire.Read),
        MessageFormat.Of<FindActors, FindActorsFrame>("FA", FindActorsFrame.Parser, ActorWire.Write, ActorWire.Read),
        MessageFormat.Of<ActorsFound, ActorsFoundFrame>("AF", ActorsFoundFrame.Parser, ActorWire.Write, ActorWire.Read),
        MessageFormat.Of<FindLog, FindLogFrame>("FL", FindLogFrame.Parser, LogWire.Write, LogWire.Read),
        MessageFormat.Of<LogFound, LogFoundFrame>("FO", LogFoundFrame.Parser, LogWire.Write, LogWire.Read),
        MessageFormat.Of<DrainNode, DrainNodeFrame>("DN", DrainNodeFrame.Parser, OperatorWire.Write, OperatorWire.Read),
        MessageFormat.Of<StrayWatch.ClusterQuestion, ClusterQuestionFrame>(
            "CQ", ClusterQuestionFrame.Parser, StrayWire.Write, StrayWire.Read),
        MessageFormat.Of<StrayWatch.ClusterAnswer, ClusterAnswerFrame>("CA", ClusterAnswerFrame.Parser, StrayWire.Write, StrayWire.Read),
        MessageFormat.Of<WatchNode, WatchNodeFrame>("WN", WatchNodeFrame.Parser, FeedWire.Write, FeedWire.Read),
        MessageFormat.Of<NodeEvents, NodeEventsFrame>("NE", NodeEventsFrame.Parser, FeedWire.Write, FeedWire.Read),
        MessageFormat.Of<WatchExchanges, WatchExchangesFrame>("WX", WatchExchangesFrame.Parser, CaptureWire.Write, CaptureWire.Read),
        MessageFormat.Of<NodeExchanges, NodeExchangesFrame>("NX", NodeExchangesFrame.Parser, CaptureWire.Write, CaptureWire.Read),
        MessageFormat.Of<WatchLog, WatchLogFrame>("WL", WatchLogFrame.Parser, LogWire.Write, LogWire.Read),
        MessageFormat.Of<NodeLog, NodeLogFrame>("NL", NodeLogFrame.Parser, LogWire.Write, LogWire.Read),
        MessageFormat.Of<BansChanged, BansChangedFrame>("BC", BansChangedFrame.Parser, BanWire.Write, BanWire.Read),
        MessageFormat.Of<BanDigest, BanDigestFrame>("BD", BanDigestFrame.Parser, BanWire.Write, BanWire.Read),
        MessageFormat.Of<BanRequest, BanRequestFrame>("BR", BanRequestFrame.Parser, BanWire.Write, BanWire.Read),
        MessageFormat.Of<LoginsFailed, LoginsFailedFrame>("LF", LoginsFailedFrame.Parser, BanWire.Write, BanWire.Read),
        MessageFormat.Of<AddressesKnown, AddressesKnownFrame>("AK", AddressesKnownFrame.Parser, BanWire.Write, BanWire.Read),
        MessageFormat.Of<UserStoreActor.UserChanged>(UserWire.Changed, UserWire.Write, UserWire.Read),
        MessageFormat.Of<UserStoreActor.UserDigests>(UserWire.Digests, UserWire.Write, UserWire.Read),
        MessageFormat.Of<UserStoreActor.BucketRequest>(UserWire.Request, UserWire.Write, UserWire.Read),
        MessageFormat.Of<UserStoreActor.BucketPage>(UserWire.Page, UserWire.Write, UserWire.Read),
    ];

    private static readonly FrozenDictionary<string, MessageFormat> ByManifest = Formats.ToFrozenDictionary(format => format.Manifest);
    private static readonly FrozenDictionary<Type, MessageFormat> ByType = Formats.ToFrozenDictionary(format => format.Type);

    /// <summary>Never changes: it stands on the wire.</summary>
    public override int Identifier => 4201;

    /// <inheritdoc/>
    public override string Manifest(object o) => ByType[o.GetType()].Manifest;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => ByType.TryGetValue(obj.GetType(), out var format)
        ? format.Write((IClusterMessage)obj)
        : throw new SerializationException($"{obj.GetType()} has no line in {nameof(ClusterMessageSerializer)}.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!ByManifest.TryGetValue(manifest, out var format))
            throw new SerializationException($"No message here has the manifest {Protocol.EscapedText.Of(manifest)}.");
        try
        {
            return format.Read(bytes);
        }
        catch (Exception broken) when (broken is InvalidProtocolBufferException or ArgumentException)
        {
            throw new SerializationException($"A broken {manifest}: {broken.Message}", broken);
        }
    }
}
