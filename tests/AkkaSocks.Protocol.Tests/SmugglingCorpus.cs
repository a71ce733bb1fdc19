using System.Text;

namespace AkkaSocks.Protocol.Tests;

/// <summary>
/// Requests that two implementations may take for different ones (H4), each hiding a second one, to <c>/smuggled</c>. AUTHORITY
/// stands for host and port of the origin. Strings are Latin-1.
/// </summary>
internal static class SmugglingCorpus
{
    private const string Hidden = "GET /smuggled HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n";

    /// <summary>Heads that must be refused by their bytes alone, with what would follow.</summary>
    public static IReadOnlyList<string> Malformed { get; } =
    [
        // Length and coding.
        .. WithBody(
            "Content-Length: 6\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 6",
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
            "Content-Length: 4\r\nContent-Length: 5",
            "Content-Length: 0\r\nContent-Length: 40",
            "Content-Length: 5, 5",
            "Content-Length: 0,40",
            "Content-Length: +5",
            "Content-Length: -1",
            "Content-Length: 0x5",
            "Content-Length: 5 5",
            "Content-Length: 5;",
            "Content-Length: ",
            "Content-Length: five",
            "Content-Length: 1e1",
            "Content-Length: 9999999999999999999",
            "Content-Length: 18446744073709551621",
            "Content-Length: \v5",
            "Content-Length: 5\f",
            "Content-Length\t: 5",
            "Content-Length : 5",
            " Content-Length: 5",
            "\tContent-Length: 5",
            "Content-Length:\r\n 5",
            "X: y\r\n Content-Length: 5",
            "Content-\r\n Length: 5",
            "Content\0-Length: 5",
            "Content-Length: 5\0",
            "Content Length: 5",
            "Content-Length",
            ": 5",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunkedx",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: chunk",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding:\r\n chunked",
            "Transfer-Encoding:\v chunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding\v: chunked",
            " Transfer-Encoding: chunked",
            "Transfer-Encoding: ",
            "X: \rTransfer-Encoding: chunked",
            "X: y\nTransfer-Encoding: chunked",
            "X: y\rContent-Length: 40",
            "X: y\n\nGET /smuggled HTTP/1.1",
            "Host: other.example",
            "\u00a0Content-Length: 5",
            "Content-Length\u00a0: 5",
            "Content-Length:\u00855"),

        // Lines.
        "GET http://AUTHORITY/ HTTP/1.1\nHost: AUTHORITY\n\n" + Hidden,
        "GET http://AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\n\r\n" + Hidden,
        "GET http://AUTHORITY/ HTTP/1.1\rHost: AUTHORITY\r\r" + "\n" + Hidden,
        "GET  http://AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET\thttp://AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY/ HTTP/1.1 \r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY/ x HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY/\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY/\0 HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY/\u00e9 HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "G(T http://AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY/ HTTP/1.1x\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY/ http/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY/ HTTP/2.0\r\nHost: AUTHORITY\r\n\r\n" + Hidden,

        // Targets.
        "GET / HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http:/AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http:///AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://user@AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY/#smuggled HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET https://AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET ftp://AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "GET http://AUTHORITY\\@other.example/ HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "OPTIONS * HTTP/1.1\r\nHost: AUTHORITY\r\n\r\n" + Hidden,
        "CONNECT AUTHORITY HTTP/1.1\r\nHost: AUTHORITY\r\nContent-Length: 5\r\n\r\n" + Hidden,
        "CONNECT AUTHORITY HTTP/1.1\r\nHost: AUTHORITY\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden,
        "POST http://AUTHORITY/ HTTP/1.0\r\nHost: AUTHORITY\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden,
    ];

    /// <summary>Requests that are well formed up to their body, in which the second one hides.</summary>
    public static IReadOnlyList<string> Bodies { get; } =
    [
        Chunked("2;\nxx\r\n4\r\nabcd\r\n0\r\n\r\n"),
        Chunked("2\r\nab\r\n0\n\r\n"),
        Chunked("0x2\r\nab\r\n0\r\n\r\n"),
        Chunked("2 \r\nab\r\n0\r\n\r\n"),
        Chunked("+2\r\nab\r\n0\r\n\r\n"),
        Chunked("-1\r\nab\r\n0\r\n\r\n"),
        Chunked("2\r\nabX0\r\n\r\n"),
        Chunked("2\r\nab0\r\n\r\n"),
        Chunked("2\nab\n0\n\n"),
        Chunked("2;a=\"\n\"\r\nab\r\n0\r\n\r\n"),
        Chunked("FFFFFFFFFFFFFFFFF\r\nab\r\n0\r\n\r\n"),
        Chunked("\r\n0\r\n\r\n"),
        Chunked("G\r\n0\r\n\r\n"),
        Chunked("0\r\nX: y\n\r\n"),
    ];

    /// <summary>The bytes, with the origin's authority.</summary>
    public static byte[] Bytes(string request, string authority) =>
        Encoding.Latin1.GetBytes(request.Replace("AUTHORITY", authority, StringComparison.Ordinal));

    private static IEnumerable<string> WithBody(params string[] fields) => fields.Select(field =>
        $"POST http://AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\n{field}\r\n\r\n0\r\n\r\n{Hidden}");

    private static string Chunked(string body) =>
        $"POST http://AUTHORITY/ HTTP/1.1\r\nHost: AUTHORITY\r\nTransfer-Encoding: chunked\r\n\r\n{body}{Hidden}";
}
