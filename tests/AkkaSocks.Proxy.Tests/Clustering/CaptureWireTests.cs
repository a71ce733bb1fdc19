using System.Runtime.Serialization;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Feed;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

public sealed class CaptureWireTests
{
    private static readonly NodeIncarnation Node = new("n", 1);
    private static readonly ExchangeFilter Filter = new("h", "u", "M", 2, 3);

    private static readonly ExchangeSummary Exchange = new()
    {
        Node = "a",
        Id = 2,
        Session = "s",
        User = "u",
        Client = "c",
        Started = new DateTimeOffset(3, TimeSpan.Zero),
        Duration = new TimeSpan(4),
        FirstByte = new TimeSpan(5),
        Method = "M",
        Host = "h",
        Url = "x",
        Version = "v",
        Status = 6,
        ContentType = "t",
        RequestBytes = 7,
        ResponseBytes = 8,
        Rule = "r",
        Edits = ["d", "i"],
        Error = "e",
    };

    // By hand from cluster.proto: nodes of two versions must understand each other.
    private const string ExchangeFrame = "0A0161" + "1002" + "1A0173" + "220175" + "2A0163" + "3003" + "3804" + "4005" + "4A014D" + "520168"
        + "5A0178" + "620176" + "6806" + "720174" + "7807" + "800108" + "8A010172" + "92010165" + "9A010164" + "9A010169";

    private const string FilterFrame = "0A0168" + "120175" + "1A014D" + "2002" + "2803";

    public static TheoryData<string, string> Golden => new()
    {
        { "FE", "0807" + "12080A016E1501000000" + "1A0D" + FilterFrame + "2207" + "0809" + "120162" + "180A" + "280B" },
        { "EF", "0807" + "12080A016E1501000000" + "1A3A" + ExchangeFrame + "2001" + "2801" },
        { "FX", "0807" + "12080A016E1501000000" + "1802" + "2003" },
        { "XF", "0807" + "12080A016E1501000000" + "1A0161" + "2005" + "2A020102" },
        { "WX", "0A080A016E1501000000" + "120D" + FilterFrame },
        { "NX", "0A080A016E1501000000" + "120161" + "1802" + "223A" + ExchangeFrame },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Messages_are_the_bytes_they_have_always_been_and_come_back_the_same(string manifest, string bytes)
    {
        IClusterMessage message = manifest switch
        {
            "FE" => new FindExchanges(7, Node, new AuthRegistry.GetExchanges(Filter, null, new ExchangePlace(9, "b", 10), 11)),
            "EF" => new ExchangesFound(7, Node, new ExchangeList([Exchange], HasMore: true), IsCaptured: true),
            "FX" => new FindExchange(7, Node, 2, 3),
            "XF" => new ExchangeFound(7, Node, new AuthRegistry.ExchangeAnswer("a", new ExchangePart(5, new byte[] { 1, 2 }))),
            "WX" => new WatchExchanges(Node, [Filter]),
            _ => new NodeExchanges(Node, "a", 2, [Exchange]),
        };
        var format = ClusterMessageSerializer.Formats.Single(it => it.Manifest == manifest);
        Assert.Equal(message.GetType(), format.Type);
        Assert.Equal(bytes, Convert.ToHexString(format.Write(message)));
        Assert.Equal(bytes, Convert.ToHexString(format.Write(format.Read(Convert.FromHexString(bytes)))));
    }

    [Theory]
    [InlineData("FE", "0807" + "12080A016E1501000000" + "2800")]
    [InlineData("EF", "0807" + "12080A016E1501000000" + "2001")]
    [InlineData("EF", "0807" + "12080A016E1501000000" + "1A0B" + "38FFFFFFFFFFFFFFFFFF01")]
    [InlineData("FX", "0807" + "12080A016E1501000000" + "20FFFFFFFFFFFFFFFFFF01")]
    [InlineData("XF", "0807" + "12080A016E1501000000" + "2001" + "2A020102")]
    [InlineData("WX", "0807")]
    [InlineData("NX", "0A080A016E1501000000" + "18FFFFFFFFFFFFFFFFFF01")]
    public void What_cannot_be_is_refused(string manifest, string bytes) => Assert.Throws<SerializationException>(
        () => ClusterMessageSerializer.Formats.Single(it => it.Manifest == manifest).Read(Convert.FromHexString(bytes)));
}
