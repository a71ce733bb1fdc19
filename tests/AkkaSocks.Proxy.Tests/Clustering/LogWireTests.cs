using System.Runtime.Serialization;
using Akka.Event;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

public sealed class LogWireTests
{
    private const string Node = "0A080A016E1501000000", NodeAt2 = "12080A016E1501000000";
    private const string Line = "0801" + "1002" + "1803" + "220173" + "2A0174";

    private static readonly NodeIncarnation Asker = new("n", 1);
    private static readonly LogLine Written = new(1, 2, LogLevel.ErrorLevel, "s", "t");

    // By hand from cluster.proto: nodes of two versions must understand each other.
    public static TheoryData<string, string> Golden => new()
    {
        { "FL", "0807" + NodeAt2 + "1802" + "2009" },
        { "FO", "0807" + NodeAt2 + "1A0161" + "220C" + Line },
        { "WL", Node + "1001" },
        { "NL", Node + "120161" + "1804" + "220C" + Line },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Messages_are_the_bytes_they_have_always_been_and_come_back_the_same(string manifest, string bytes)
    {
        IClusterMessage message = manifest switch
        {
            "FL" => new FindLog(7, Asker, LogLevel.WarningLevel, 9),
            "FO" => new LogFound(7, Asker, "a", [Written]),
            "WL" => new WatchLog(Asker, LogLevel.InfoLevel),
            _ => new NodeLog(Asker, "a", 4, [Written]),
        };
        var format = ClusterMessageSerializer.Formats.Single(it => it.Manifest == manifest);
        Assert.Equal(message.GetType(), format.Type);
        Assert.Equal(bytes, Convert.ToHexString(format.Write(message)));
        Assert.Equal(bytes, Convert.ToHexString(format.Write(format.Read(Convert.FromHexString(bytes)))));
    }

    [Theory]
    [InlineData("FL", "0807" + NodeAt2 + "2000")]
    [InlineData("FL", "0807" + NodeAt2 + "20F503")]
    [InlineData("FL", "0807" + NodeAt2 + "1804" + "2009")]
    [InlineData("FO", "0807" + NodeAt2 + "2202" + "1804")]
    [InlineData("WL", "1001")]
    [InlineData("NL", Node + "18FFFFFFFFFFFFFFFFFF01")]
    public void What_cannot_be_is_refused(string manifest, string bytes) => Assert.Throws<SerializationException>(
        () => ClusterMessageSerializer.Formats.Single(it => it.Manifest == manifest).Read(Convert.FromHexString(bytes)));
}
