using System.Net;
using System.Runtime.Serialization;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

public sealed class OperatorWireTests
{
    private static readonly NodeIncarnation Node = new("n", 1);

    // By hand from cluster.proto: nodes of two versions must understand each other.
    public static TheoryData<string, string> Golden => new()
    {
        { "NR", "0A080A016E1501000000" + "120161" + "1801" + "2002" },
        { "FS", "0807" + "12080A016E1501000000" + "1A0175" + "2204C0000201" + "2A0161" + "310900000000000000" + "380A" },
        { "SF", "0807" + "12080A016E1501000000" + "1A1F" + "090500000000000000" + "120161" + "2204C0000201" + "2801" + "3203783A31" + "3802" + "4003" + "4804" + "2001" },
        { "ES", "0807" + "12080A016E1501000000" + "190500000000000000" + "2001" },
        { "ES:user", "0807" + "12080A016E1501000000" + "2001" + "2A0175" },
        { "ES:client", "0807" + "12080A016E1501000000" + "3204C0000201" },
        { "SE", "0807" + "12080A016E1501000000" + "1801" },
        { "DN", "0A080A016E1501000000" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Messages_are_the_bytes_they_have_always_been_and_come_back_the_same(string manifest, string bytes)
    {
        IClusterMessage message = manifest switch
        {
            "NR" => new NodeReport(Node, "a", IsDraining: true, 2),
            "FS" => new FindSessions(7, Node, new(UserName.FromText("u"), IPAddress.Parse("192.0.2.1"), "a"), new SessionId(9), 10),
            "SF" => new SessionsFound(7, Node, new AuthRegistry.SessionPage(
                [new(new SessionId(5), "a", null, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1), "x:1", 2, 3, TimeSpan.FromMilliseconds(4))], HasMore: true)),
            "ES" => new EndSessions(7, Node, new SessionSelection { Id = new SessionId(5) }, TerminationReason.UserRevoked),
            "ES:user" => new EndSessions(7, Node, new SessionSelection { User = UserName.FromText("u") }, TerminationReason.UserRevoked),
            "ES:client" => new EndSessions(
                7, Node, new SessionSelection { Client = IPAddress.Parse("192.0.2.1") }, TerminationReason.Operator),
            "SE" => new SessionsEnded(7, Node, 1),
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
    [InlineData("SF", "0807" + "12080A016E1501000000" + "2001")]
    [InlineData("ES", "0807" + "12080A016E1501000000" + "2063")]
    public void What_cannot_be_is_refused(string manifest, string bytes) => Assert.Throws<SerializationException>(
        () => ClusterMessageSerializer.Formats.Single(it => it.Manifest == manifest).Read(Convert.FromHexString(bytes)));
}
