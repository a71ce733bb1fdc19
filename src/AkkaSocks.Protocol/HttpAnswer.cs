using System.Text;

namespace AkkaSocks.Protocol;

/// <summary>What the proxy itself answers to an HTTP client: a head and at most one line of text, never anything a client sent.</summary>
public static class HttpAnswer
{
    /// <summary>Bytes that suffice for any answer.</summary>
    public const int MaxLength = 512;

    /// <summary>Writes an answer.</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="status">The status. A 407 asks for Basic credentials (RFC 7617).</param>
    /// <param name="reason">One word of ASCII for people and machines, as in the session log; empty for none.</param>
    /// <param name="keepsOpen">Another request may follow on this connection.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, HttpStatus status, string reason, bool keepsOpen)
    {
        if (status == HttpStatus.Ok)
            return Encoding.ASCII.GetBytes("HTTP/1.1 200 Connection established\r\n\r\n", destination);
        var challenge = status == HttpStatus.ProxyAuthenticationRequired
            ? "Proxy-Authenticate: Basic realm=\"akkasocks\", charset=\"UTF-8\"\r\n"
            : "";
        var close = keepsOpen ? "" : "Connection: close\r\n";
        var body = reason.Length == 0 ? "" : $"{reason}\n";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {(int)status} {PhraseOf(status)}\r\n{challenge}{close}"
            + $"Content-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            destination);
    }

    private static string PhraseOf(HttpStatus status) => status switch
    {
        HttpStatus.BadRequest => "Bad Request",
        HttpStatus.Forbidden => "Forbidden",
        HttpStatus.ProxyAuthenticationRequired => "Proxy Authentication Required",
        HttpStatus.RequestTimeout => "Request Timeout",
        HttpStatus.UriTooLong => "URI Too Long",
        HttpStatus.TooManyRequests => "Too Many Requests",
        HttpStatus.HeadTooLarge => "Request Header Fields Too Large",
        HttpStatus.NotImplemented => "Not Implemented",
        HttpStatus.BadGateway => "Bad Gateway",
        HttpStatus.GatewayTimeout => "Gateway Timeout",
        HttpStatus.VersionNotSupported => "HTTP Version Not Supported",
        _ => "Service Unavailable",
    };
}
