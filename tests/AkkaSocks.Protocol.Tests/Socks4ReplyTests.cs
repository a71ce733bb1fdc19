using System.Net;

namespace AkkaSocks.Protocol.Tests;

public class Socks4ReplyTests
{
    [Theory]
    [InlineData(true, "198.51.100.7", 443, "005A01BBC6336407")]
    [InlineData(true, "::ffff:198.51.100.7", 443, "005A01BBC6336407")]
    [InlineData(true, "2001:db8::1", 443, "005A01BB00000000")]
    [InlineData(true, null, 0, "005A000000000000")]
    [InlineData(false, null, 0, "005B000000000000")]
    public void F1_and_F3_a_reply_is_eight_octets_of_which_the_first_is_0(bool granted, string? address, int port, string hex)
    {
        var bytes = Enumerable.Repeat((byte)0xEE, Socks4Reply.Length).ToArray();
        var bound = address is null ? null : new IPEndPoint(IPAddress.Parse(address), port);
        Assert.Equal(Socks4Reply.Length, Socks4Reply.Write(bytes, granted, bound));
        Assert.Equal(hex, Convert.ToHexString(bytes));
    }
}
