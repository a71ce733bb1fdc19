using System.Collections.Immutable;
using System.Net;
using System.Runtime.Serialization;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Telemetry.Actors;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

public sealed class OperatorWireTests
{
    private static readonly NodeIncarnation Node = new("n", 1);

    private static readonly IPEndPoint Client = new(IPAddress.Parse("192.0.2.1"), 1);

    private static readonly NodeFigures Figures = new()
    {
        Version = "1",
        Uptime = TimeSpan.FromMilliseconds(2),
        Accepted = 3,
        ClientToDestination = 4,
        DestinationToClient = 5,
        AcceptedPerSecond = 1,
        ClientToDestinationPerSecond = 2,
        DestinationToClientPerSecond = 3,
        LoopsBusy = [0.5],
        Processors = 0.25,
        MemoryBytes = 6,
        Draining = TimeSpan.FromMilliseconds(7),
        DrainLeft = TimeSpan.FromMilliseconds(8),
        Config = new ConfigVersion(9, "h", NeedsRestart: true),
        Refusals = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal).Add("no-such-address", 8),
    };

    private static readonly SessionView Session = new()
    {
        Id = new SessionId(5),
        Node = "a",
        Listener = "l",
        Protocol = "p",
        Stage = SessionStage.Relaying,
        User = null,
        Client = Client,
        Destination = "x:1",
        Address = new IPEndPoint(IPAddress.Parse("192.0.2.2"), 9),
        Up = 2,
        Down = 3,
        StartedAt = 8,
        Age = TimeSpan.FromMilliseconds(4),
    };

    private static readonly FeedEvent Refused = new(FeedKind.SessionRefused, 3)
    {
        Session = new SessionId(5),
        Listener = "l",
        Protocol = "p",
        User = UserName.FromText("u"),
        Client = Client,
        Destination = "x:1",
        End = "e",
        Reason = "r",
        Up = 4,
        Down = 5,
        Duration = TimeSpan.FromMilliseconds(6),
    };

    private static readonly RefusedSession RefusedSession = new()
    {
        Id = new SessionId(5),
        Node = "a",
        At = 3,
        Listener = "l",
        Protocol = "p",
        User = UserName.FromText("u"),
        Client = Client,
        Command = Command.Connect,
        Destination = "x:1",
        Reason = "r",
    };

    private static readonly ActorView Actors = new(
        [
            new ActorTypeSummary("s", 1, 2, 3, 4, 5, 6, 7) { Timed = 8, HandlingSeconds = 0.5, WaitingSeconds = 0.25, PerSecond = 2 },
        ],
        [new ActorTree.Node("/user", "G", null, 0, null, 1, [new ActorTree.Node("/user/a", "A", "s", 2, TimeSpan.FromSeconds(1), 1, [])])],
        IsCut: true)
    {
        Messages =
        [
            new MessageProfile("s", "m", 64, 2, 1)
            {
                PerSecond = 2, Busy = 0.5, Waiting = new MessageTimes(0.25, 0.5), Handling = new MessageTimes(1, 2),
            },
            new MessageProfile("s", "f", 0, 1, 0),
        ],
    };

    // By hand from cluster.proto: nodes of two versions must understand each other.
    public static TheoryData<string, string> Golden => new()
    {
        { "NR", "0A080A016E1501000000" + "120161" + "1801" + "2002" },
        {
            "NR:figures",
            "0A080A016E1501000000" + "120161" + "1801" + "2002" + "2A5D" + "0A0131" + "1002" + "1803" + "2004" + "2805"
            + "31000000000000F03F" + "390000000000000040" + "410000000000000840" + "4A08000000000000E03F" + "51000000000000D03F"
            + "5806" + "6007" + "6A13" + "0A0F6E6F2D737563682D61646472657373" + "1008" + "7207" + "0809" + "120168" + "1801" + "7808"
        },
        {
            "FS",
            "0807" + "12080A016E1501000000" + "1A0175" + "2204C0000201" + "2A0161" + "310900000000000000" + "380A"
            + "4002" + "4801" + "5009" + "5A0164" + "62016C" + "6A0170" + "720174"
        },
        {
            "SF",
            "0807" + "12080A016E1501000000" + "1A31" + "090500000000000000" + "120161" + "2204C0000201" + "2801" + "3203783A31" + "3802"
            + "4003" + "4804" + "52016C" + "5A0170" + "6002" + "6808" + "7204C0000202" + "7809" + "2001" + "2803"
        },
        { "WN", "0A080A016E1501000000" },
        {
            "NE",
            "0A080A016E1501000000" + "120161" + "1802" + "222F" + "0802" + "1003" + "190500000000000000" + "22016C" + "2A0170" + "320175"
            + "3A04C0000201" + "4001" + "4A03783A31" + "520165" + "5A0172" + "6004" + "6805" + "7006"
        },
        { "ES", "0807" + "12080A016E1501000000" + "190500000000000000" + "2001" },
        { "ES:user", "0807" + "12080A016E1501000000" + "2001" + "2A0175" },
        { "ES:client", "0807" + "12080A016E1501000000" + "3204C0000201" },
        { "SE", "0807" + "12080A016E1501000000" + "1801" },
        { "DN", "0A080A016E1501000000" },
        { "FR", "0807" + "12080A016E1501000000" + "1805" + "210500000000000000" + "2A0172" + "320175" },
        {
            "RF",
            "0807" + "12080A016E1501000000" + "1A29" + "090500000000000000" + "120161" + "1803" + "22016C" + "2A0170" + "320175"
            + "3A04C0000201" + "4001" + "4801" + "5203783A31" + "5A0172"
        },
        { "FA", "0807" + "12080A016E1501000000" + "1803" + "2014" },
        {
            "AF",
            "0807" + "12080A016E1501000000" + "1A0161"
            + "221E" + "0A052F75736572" + "120147" + "3001" + "3A10" + "0A0161" + "120141" + "1A0173" + "2002" + "28E807" + "3001"
            + "2A2E" + "0A0173" + "1001" + "1802" + "2003" + "2804" + "3005" + "3806" + "4007" + "4808"
            + "51000000000000E03F" + "59000000000000D03F" + "610000000000000040" + "3001"
            + "3A42" + "0A0173" + "12016D" + "1840" + "2002" + "2801" + "310000000000000040" + "39000000000000E03F"
            + "41000000000000D03F" + "49000000000000E03F" + "51000000000000F03F" + "590000000000000040"
            + "3A08" + "0A0173" + "120166" + "2001"
        },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Messages_are_the_bytes_they_have_always_been_and_come_back_the_same(string manifest, string bytes)
    {
        IClusterMessage message = manifest switch
        {
            "NR" => new NodeReport(Node, "a", IsDraining: true, 2, Figures: null),
            "NR:figures" => new NodeReport(Node, "a", IsDraining: true, 2, Figures),
            "FS" => new FindSessions(7, Node, new AuthRegistry.GetSessions(
                new SessionFilter(UserName.FromText("u"), Client.Address, "a") { Destination = "d", Listener = "l", Protocol = "p", Text = "t" },
                new SessionOrder(SessionKey.Bytes, IsDescending: true),
                new SessionPlace(-5, new SessionId(9)),
                10)),
            "SF" => new SessionsFound(7, Node, new AuthRegistry.SessionPage([Session], HasMore: true, Total: 3, Silent: [])),
            "WN" => new WatchNode(Node),
            "NE" => new NodeEvents(Node, "a", 2, [Refused]),
            "ES" => new EndSessions(7, Node, new SessionSelection { Id = new SessionId(5) }, TerminationReason.UserRevoked),
            "ES:user" => new EndSessions(7, Node, new SessionSelection { User = UserName.FromText("u") }, TerminationReason.UserRevoked),
            "ES:client" => new EndSessions(
                7, Node, new SessionSelection { Client = IPAddress.Parse("192.0.2.1") }, TerminationReason.Operator),
            "SE" => new SessionsEnded(7, Node, 1),
            "FR" => new FindRefusals(
                7, Node, new AuthRegistry.GetRefusals(new RefusalFilter(new SessionId(5), "r", UserName.FromText("u")), 5)),
            "RF" => new RefusalsFound(7, Node, [RefusedSession]),
            "FA" => new FindActors(7, Node, new AuthRegistry.GetActors(null, 3, 20)),
            "AF" => new ActorsFound(7, Node, new AuthRegistry.Actors("a", Actors)),
            _ => new DrainNode(Node),
        };
        var format = ClusterMessageSerializer.Formats.Single(it => it.Manifest == manifest[..2]);
        Assert.Equal(message.GetType(), format.Type);
        Assert.Equal(bytes, Convert.ToHexString(format.Write(message)));
        Assert.Equal(bytes, Convert.ToHexString(format.Write(format.Read(Convert.FromHexString(bytes)))));
    }

    [Theory]
    [InlineData("FS", "0807" + "12080A016E1501000000" + "2203C00002" + "380A")]
    [InlineData("FS", "0807" + "12080A016E1501000000" + "3800")]
    [InlineData("FS", "0807" + "380A")]
    [InlineData("FS", "0807" + "12080A016E1501000000" + "380A" + "4009")]
    [InlineData("SF", "0807" + "12080A016E1501000000" + "2001")]
    [InlineData("SF", "0807" + "12080A016E1501000000" + "1A11" + "090500000000000000" + "2204C0000201" + "6009")]
    [InlineData("NR", "0A080A016E1501000000" + "2A09" + "31000000000000F07F")]
    [InlineData("NE", "0A080A016E1501000000" + "2208" + "0803" + "3A04C0000201")]
    [InlineData("NE", "0A080A016E1501000000" + "18FFFFFFFFFFFFFFFFFF01")]
    [InlineData("ES", "0807" + "12080A016E1501000000" + "2063")]
    [InlineData("FR", "0807" + "12080A016E1501000000")]
    [InlineData("RF", "0807" + "12080A016E1501000000" + "1A12" + "090500000000000000" + "3A04C0000201" + "48FF7F")]
    [InlineData("FA", "0807" + "12080A016E1501000000" + "180B" + "2014")]
    [InlineData("AF", "0807" + "12080A016E1501000000" + "2A09" + "51000000000000F07F" + "2200")]
    [InlineData("AF", "0807" + "12080A016E1501000000" + "3A09" + "59000000000000F07F" + "2200")]
    public void What_cannot_be_is_refused(string manifest, string bytes) => Assert.Throws<SerializationException>(
        () => ClusterMessageSerializer.Formats.Single(it => it.Manifest == manifest).Read(Convert.FromHexString(bytes)));
}
