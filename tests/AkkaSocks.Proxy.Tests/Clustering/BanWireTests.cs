using System.Net;
using System.Runtime.Serialization;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Limits;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

public sealed class BanWireTests
{
    private const string NodeBytes = "0A080A016E1501000000";

    private static readonly NodeIncarnation Node = new("n", 1);
    private static readonly UserName User = UserName.FromText("u");
    private static readonly ClientNetwork V4 = ClientNetwork.Of(IPAddress.Parse("192.0.2.1"));
    private static readonly ClientNetwork V6 = ClientNetwork.Of(IPAddress.Parse("2001:db8:1:2::9"));

    // By hand from cluster.proto: nodes of two versions must understand each other.
    public static TheoryData<string, string> Golden => new()
    {
        { "BC", NodeBytes + "1214" + "0A0175" + "1803" + "2504000000" + "2802" + "3203" + "776879" + "40DC0B" },
        { "BC:address", NodeBytes + "1211" + "1204C0000201" + "1803" + "2504000000" + "2801" + "4001" },
        { "BC:both", NodeBytes + "121A" + "0A0175" + "120820010DB800010002" + "1803" + "2504000000" + "2802" + "3801" + "4001" },
        { "BD", NodeBytes + "1002" + "190900000000000000" },
        { "BR", NodeBytes },
        { "LF", NodeBytes + "1005" + "1A09" + "0A0175" + "1204C0000201" },
        { "AK", NodeBytes + "120D" + "0A09" + "0A0175" + "1204C0000201" + "1007" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Messages_are_the_bytes_they_have_always_been_and_come_back_the_same(string manifest, string bytes)
    {
        IClusterMessage message = manifest switch
        {
            "BC" => Changed(new(User, null), BanCause.Operator, "why", isLifted: false, 1500),
            "BC:address" => Changed(new(null, V4), BanCause.Failures, null, isLifted: false, 1),
            "BC:both" => Changed(new(User, V6), BanCause.Operator, null, isLifted: true, 1),
            "BD" => new BanDigest(Node, 2, 9),
            "BR" => new BanRequest(Node),
            "LF" => new LoginsFailed(Node, 5, [new(User, V4)]),
            _ => new AddressesKnown(Node, [new(new(User, V4), TimeSpan.FromMilliseconds(7))]),
        };
        var format = ClusterMessageSerializer.Formats.Single(it => it.Manifest == manifest[..2]);
        Assert.Equal(message.GetType(), format.Type);
        Assert.Equal(bytes, Convert.ToHexString(format.Write(message)));
        Assert.Equal(bytes, Convert.ToHexString(format.Write(format.Read(Convert.FromHexString(bytes)))));
    }

    [Theory]
    [InlineData("BC", NodeBytes + "120B" + "1803" + "2504000000" + "2801" + "4001")]
    [InlineData("BC", NodeBytes + "1210" + "1203C00002" + "1803" + "2504000000" + "2801" + "4001")]
    [InlineData("BC", NodeBytes + "120F" + "1204C0000201" + "2504000000" + "2801" + "4001")]
    [InlineData("BC", NodeBytes + "1211" + "1204C0000201" + "1803" + "2504000000" + "2809" + "4001")]
    [InlineData("BC", NodeBytes + "121A" + "1204C0000201" + "1803" + "2504000000" + "2801" + "40FFFFFFFFFFFFFFFFFF01")]
    [InlineData("BC", "")]
    [InlineData("LF", NodeBytes + "1000" + "1A09" + "0A0175" + "1204C0000201")]
    [InlineData("LF", NodeBytes + "1001" + "1A03" + "0A0175")]
    [InlineData("AK", NodeBytes + "1202" + "1007")]
    public void What_cannot_be_is_refused(string manifest, string bytes) => Assert.Throws<SerializationException>(
        () => ClusterMessageSerializer.Formats.Single(it => it.Manifest == manifest).Read(Convert.FromHexString(bytes)));

    private static BansChanged Changed(BanTarget target, BanCause cause, string? reason, bool isLifted, int remaining) =>
        new(Node, [new(target, new BanVersion(3, 4), cause, reason, isLifted, TimeSpan.FromMilliseconds(remaining))]);
}
