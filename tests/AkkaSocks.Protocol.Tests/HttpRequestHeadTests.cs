using System.Text;

namespace AkkaSocks.Protocol.Tests;

public class HttpRequestHeadTests
{
    [Theory]
    [InlineData("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", "example.com:443")]
    [InlineData("CONNECT Example.COM.:443 HTTP/1.1\r\n\r\n", "example.com:443")]
    [InlineData("CONNECT 192.0.2.1:80 HTTP/1.0\r\n\r\n", "192.0.2.1:80")]
    [InlineData("CONNECT [2001:db8::1]:80 HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "[2001:db8::1]:80")]
    [InlineData("CONNECT example.com:443 HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", "example.com:443")]
    public void H1_CONNECT_names_its_destination_in_authority_form(string text, string destination)
    {
        var head = Read(text);
        Assert.True(head.IsConnect);
        Assert.Equal(destination, head.Destination.ToString());
    }

    [Theory]
    [InlineData("GET http://example.com/a HTTP/1.1\r\nHost: x\r\n\r\n", "example.com:80", "/a")]
    [InlineData("GET HTTP://EXAMPLE.com:8080?q HTTP/1.1\r\nHost: x\r\n\r\n", "example.com:8080", "?q")]
    [InlineData("GET http://[::1]:81 HTTP/1.1\r\nHost: x\r\n\r\n", "[::1]:81", "")]
    [InlineData("DELETE http://192.0.2.1/%2F/../x HTTP/1.1\r\nHost: x\r\n\r\n", "192.0.2.1:80", "/%2F/../x")]
    public void A_request_to_be_forwarded_names_it_in_absolute_form(string text, string destination, string path)
    {
        var head = Read(text);
        Assert.False(head.IsConnect);
        Assert.Equal(destination, head.Destination.ToString());

        var target = Encoding.ASCII.GetBytes(text.Split(' ')[1]);
        Assert.True(HttpRequestHead.TryReadUri(target, out _, out var start));
        Assert.Equal(path, Encoding.ASCII.GetString(target.AsSpan(start)));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("example.com:")]
    [InlineData("example.com:0")]
    [InlineData("example.com:65536")]
    [InlineData("example.com:+80")]
    [InlineData("example.com:80:80")]
    [InlineData(":80")]
    [InlineData("http://example.com:80")]
    [InlineData("user@example.com:80")]
    [InlineData("127.1:80")]
    [InlineData("0x7f000001:80")]
    [InlineData("2130706433:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("[::1]80")]
    [InlineData("[::1:80")]
    [InlineData("::1:80")]
    [InlineData("[fe80::1%25eth0]:80")]
    [InlineData("localhost/:80")]
    public void H1_and_S3_an_authority_in_any_other_spelling_is_refused(string authority)
    {
        Assert.Equal(HttpStatus.BadRequest, Refused($"CONNECT {authority} HTTP/1.1\r\n\r\n"));
    }

    [Fact]
    public void H4_what_can_be_understood_in_two_ways_is_refused()
    {
        Assert.True(SmugglingCorpus.Malformed.Count >= 60);
        Assert.All(SmugglingCorpus.Malformed, text =>
        {
            var bytes = SmugglingCorpus.Bytes(text, "example.com:80");
            Assert.Equal(DecodeStatus.Malformed, HttpRequestHead.TryRead(bytes, out var head, out _, out var problem));
            Assert.Null(head);
            Assert.True(problem is HttpStatus.BadRequest or HttpStatus.VersionNotSupported);
        });
    }

    [Theory]
    [InlineData("GET http://a/ HTTP/1.1\r\n\r\n", false, false)]
    [InlineData("GET http://a/ HTTP/1.1\r\nConnection: x, Close\r\n\r\n", true, false)]
    [InlineData("GET http://a/ HTTP/1.1\r\nProxy-Connection: close\r\n\r\n", true, false)]
    [InlineData("GET http://a/ HTTP/1.0\r\n\r\n", true, false)]
    [InlineData("GET http://a/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false, false)]
    [InlineData("PUT http://a/ HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", false, true)]
    [InlineData("PUT http://a/ HTTP/1.1\r\nContent-Length: 0\r\n\r\n", false, false)]
    [InlineData("PUT http://a/ HTTP/1.1\r\nTransfer-Encoding:\tCHUNKED \r\n\r\n", false, true)]
    public void What_follows_it_is_known(string text, bool isLast, bool hasBody)
    {
        var head = Read(text);
        Assert.Equal((isLast, hasBody), (head.IsLast, head.HasBody));
    }

    [Fact]
    public void The_credentials_are_found_where_they_stand()
    {
        var text = "CONNECT a:1 HTTP/1.1\r\nproxy-authorization: \t Basic YWxpY2U6czNjcmV0 \r\nHost: a\r\n\r\n";
        Assert.Equal("Basic YWxpY2U6czNjcmV0", text[Read(text).Authorization]);
        Assert.Equal("", "CONNECT a:1 HTTP/1.1\r\n\r\n"[Read("CONNECT a:1 HTTP/1.1\r\n\r\n").Authorization]);
        Assert.Equal(HttpStatus.BadRequest, Refused(text.Replace("Host", "Proxy-Authorization")));
    }

    [Fact]
    public void H5_limits_hold_for_lines_heads_and_fields()
    {
        var longest = new string('a', HttpRequestHead.MaxRequestLine - "GET http://a/ HTTP/1.1\r\n".Length);
        Read($"GET http://a/{longest} HTTP/1.1\r\n\r\n");
        Assert.Equal(HttpStatus.UriTooLong, Refused($"GET http://a/{longest}a HTTP/1.1\r\n\r\n"));
        Assert.Equal(HttpStatus.UriTooLong, Refused(new string('G', HttpRequestHead.MaxRequestLine)));

        Read($"GET http://a/ HTTP/1.1\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", HttpRequestHead.MaxFields))}\r\n");
        Assert.Equal(
            HttpStatus.HeadTooLarge,
            Refused($"GET http://a/ HTTP/1.1\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", HttpRequestHead.MaxFields + 1))}\r\n"));
        Assert.Equal(HttpStatus.HeadTooLarge, Refused($"GET http://a/ HTTP/1.1\r\nX: {new string('y', HttpRequestHead.MaxLength)}"));
    }

    [Fact]
    public void In_pieces_or_with_more_behind_it_it_is_the_same()
    {
        var bytes = Encoding.ASCII.GetBytes("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\nX: y\r\n\r\n");
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(DecodeStatus.NeedMore, HttpRequestHead.TryRead(bytes.AsSpan(0, length), out _, out var consumed, out _));
            Assert.Equal(0, consumed);
        }

        foreach (byte next in "\0\r\nG\xFF"u8)
        {
            Assert.Equal(DecodeStatus.Done, HttpRequestHead.TryRead([.. bytes, next, next], out _, out var consumed, out _));
            Assert.Equal(bytes.Length, consumed);
        }
    }

    [Theory]
    [InlineData("Basic YWxpY2U6czNjcmV0", "alice", "s3cret")]
    [InlineData("bASIC   YWxpY2U6czNjcmV0", "alice", "s3cret")]
    [InlineData("Basic Og==", "", "")]
    [InlineData("Basic YTpiOmM=", "a", "b:c")]
    public void Basic_credentials_are_user_colon_password(string value, string user, string password)
    {
        Assert.True(Credentials.TryReadBasic(Encoding.ASCII.GetBytes(value), out var credentials));
        Assert.Equal(user, credentials.UserName.ToString());
        Assert.Equal(Encoding.ASCII.GetBytes(password), credentials.Password.ToArray());
        credentials.Dispose();
        Assert.All(credentials.Password.ToArray(), it => Assert.Equal(0, it));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic ")]
    [InlineData("Basic YWxpY2U=")]
    [InlineData("Basic !!!!")]
    [InlineData("Basic YWxpY2U6czNjcmV0 YWxpY2U6czNjcmV0")]
    [InlineData("Bearer YWxpY2U6czNjcmV0")]
    public void Other_values_are_no_Basic_credentials(string value) =>
        Assert.False(Credentials.TryReadBasic(Encoding.ASCII.GetBytes(value), out _));

    [Fact]
    public void Basic_credentials_are_bounded_as_those_of_SOCKS_are()
    {
        Assert.True(Credentials.TryReadBasic(Basic(255, 255), out _));
        Assert.False(Credentials.TryReadBasic(Basic(256, 1), out _));
        Assert.False(Credentials.TryReadBasic(Basic(1, 256), out _));
        Assert.False(Credentials.TryReadBasic(Basic(1, 100_000), out _));

        static byte[] Basic(int user, int password) => Encoding.ASCII.GetBytes(
            "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('u', user) + ":" + new string('p', password))));
    }

    private static HttpRequestHead Read(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(DecodeStatus.Done, HttpRequestHead.TryRead(bytes, out var head, out var length, out _));
        Assert.Equal(bytes.Length, length);
        return head!;
    }

    private static HttpStatus Refused(string text)
    {
        Assert.Equal(
            DecodeStatus.Malformed, HttpRequestHead.TryRead(Encoding.Latin1.GetBytes(text), out _, out _, out var problem));
        return problem;
    }
}
