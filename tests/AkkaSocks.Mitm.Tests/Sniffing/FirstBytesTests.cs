using System.Text;
using AkkaSocks.Mitm.Sniffing;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Sniffing;

/// <summary>What is spoken shows by the first bytes, and what only looks like it does not pass for it.</summary>
public sealed class FirstBytesTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", nameof(Spoken.Http1))]
    [InlineData("GET / HTTP/1.0\n", nameof(Spoken.Http1))]
    [InlineData("VERSION-CONTROL /x HTTP/1.1\r\nHost: x\r\n\r\n", nameof(Spoken.Http1))]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0", nameof(Spoken.Http2))]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", nameof(Spoken.Other))]
    [InlineData("GET / HTTP/2.0\r\n", nameof(Spoken.Other))]
    [InlineData("GET /\r\n", nameof(Spoken.Other))]
    [InlineData("EHLO mail.test\r\n", nameof(Spoken.Other))]
    [InlineData("NICK akka\r\nUSER a b c d\r\n", nameof(Spoken.Other))]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", nameof(Spoken.Other))]
    [InlineData("get / HTTP/1.1\r\n", nameof(Spoken.Other))]
    [InlineData("\0\0\0\u0001", nameof(Spoken.Other))]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLM", nameof(Spoken.Other))]
    [InlineData("GET", nameof(Spoken.NeedMore))]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM", nameof(Spoken.NeedMore))]
    [InlineData("P", nameof(Spoken.NeedMore))]
    [InlineData("\u0016\u0003\u0001", nameof(Spoken.NeedMore))]
    [InlineData("\u0016\u0002\u0001", nameof(Spoken.Other))]
    [InlineData("", nameof(Spoken.NeedMore))]
    public void It_is_told(string text, string spoken) =>
        Assert.Equal(Enum.Parse<Spoken>(spoken), FirstBytes.Tell(new(Encoding.Latin1.GetBytes(text)), 16_384, out _));

    [Theory]
    [InlineData("POST /a%2Fb HTTP/1.1\r\n", nameof(Spoken.Http1))]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", nameof(Spoken.Http2))]
    public void It_is_not_told_before_its_end_and_in_whatever_pieces(string text, string spoken)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var length = 1; length < bytes.Length; length++)
            Assert.Equal(Spoken.NeedMore, FirstBytes.Tell(ClientHelloTests.Pieces(bytes[..length]), 16_384, out _));
        Assert.Equal(Enum.Parse<Spoken>(spoken), FirstBytes.Tell(ClientHelloTests.Pieces(bytes), 16_384, out _));
    }

    [Fact]
    public void A_line_without_end_is_no_request() =>
        Assert.Equal(Spoken.Other, FirstBytes.Tell(new([.. "GET /"u8, .. new byte[70_000]]), 16_384, out _));
}
