using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaSocks.Protocol;

/// <summary>
/// The head of an HTTP/1.x request to a proxy (RFC 9112 §3, RFC 9110 §9.3.6): where to, and who asks. It is read strictly: what
/// two implementations could understand differently is refused, since that difference is how requests are smuggled.
/// </summary>
/// <remarks>
/// <code>
/// CONNECT host:port HTTP/1.1 CRLF *( name ":" OWS value OWS CRLF ) CRLF
/// METHOD http://host[:port]/path HTTP/1.1 CRLF …
/// </code>
/// Lines end with CRLF and nothing else. Refused: folded lines, space before the colon, control characters, two Hosts, two
/// different lengths, a length beside a transfer coding, a coding other than <c>chunked</c>, a user in the URI.
/// </remarks>
public sealed class HttpRequestHead
{
    /// <summary>Bytes of the request line at most, its end included.</summary>
    public const int MaxRequestLine = 8 * 1024;

    /// <summary>Bytes of a head at most, its end included.</summary>
    public const int MaxLength = MaxRequestLine + (32 * 1024);

    /// <summary>Fields at most.</summary>
    public const int MaxFields = 100;

    private HttpRequestHead(bool isConnect, Destination destination) => (IsConnect, Destination) = (isConnect, destination);

    /// <summary>CONNECT: what follows the head belongs to the destination. Else a request that is to be forwarded.</summary>
    public bool IsConnect { get; }

    /// <summary>The authority of the request target; Host is not asked.</summary>
    public Destination Destination { get; }

    /// <summary>No other request follows on this connection (RFC 9112 §9.3).</summary>
    public bool IsLast { get; private set; }

    /// <summary>A body follows the head of a request that is to be forwarded.</summary>
    public bool HasBody { get; private set; }

    /// <summary>Where the value of Proxy-Authorization stands in the head; empty without.</summary>
    public Range Authorization { get; private set; } = ..0;

    /// <summary>Reads a head from the start of <paramref name="source"/>.</summary>
    /// <param name="source">All bytes received and not yet consumed.</param>
    /// <param name="head">Not null exactly when <see cref="DecodeStatus.Done"/>.</param>
    /// <param name="length">Bytes of the head; of a malformed one, those known to belong to it.</param>
    /// <param name="problem">The status that says what is wrong with a malformed head, otherwise
    /// <see cref="HttpStatus.Ok"/>.</param>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> source, out HttpRequestHead? head, out int length, out HttpStatus problem)
    {
        head = null;
        length = 0;
        problem = HttpStatus.Ok;
        if (!TryTakeLine(source, 0, MaxRequestLine, out var line, out var next))
        {
            problem = source.Length >= MaxRequestLine ? HttpStatus.UriTooLong : HttpStatus.Ok;
            return Verdict(problem, source.Length, ref length);
        }

        problem = ReadRequestLine(source[line], out var read, out var isVersion10);
        var fields = new HttpFields();
        while (problem == HttpStatus.Ok)
        {
            var start = next;
            if (!TryTakeLine(source, start, MaxLength - start, out line, out next))
            {
                problem = source.Length >= MaxLength ? HttpStatus.HeadTooLarge : HttpStatus.Ok;
                return Verdict(problem, source.Length, ref length);
            }

            if (next - start == 2 && source[start] == '\r')
            {
                problem = fields.Problem(isVersion10);
                break;
            }

            problem = fields.Add(source, line);
        }

        if (problem != HttpStatus.Ok)
            return Verdict(problem, next, ref length);
        length = next;
        head = read!;
        head.IsLast = fields.SaysClose || (isVersion10 && !fields.SaysKeepAlive);
        head.HasBody = fields.HasBody;
        head.Authorization = fields.Authorization;
        if (head.IsConnect && head.HasBody)
        {
            head = null;
            problem = HttpStatus.BadRequest;
            return DecodeStatus.Malformed;
        }

        return DecodeStatus.Done;
    }

    private static DecodeStatus Verdict(HttpStatus problem, int consumed, ref int length)
    {
        if (problem == HttpStatus.Ok)
            return DecodeStatus.NeedMore;
        length = consumed;
        return DecodeStatus.Malformed;
    }

    /// <summary>A line that has ended, by LF: what stands before it is looked at by whoever takes it.</summary>
    private static bool TryTakeLine(ReadOnlySpan<byte> source, int start, int room, out Range line, out int next)
    {
        var rest = source[start..];
        var end = rest[..Math.Min(rest.Length, Math.Max(room, 0))].IndexOf((byte)'\n');
        next = start + end + 1;
        line = start..(start + Math.Max(end, 0));
        return end >= 0;
    }

    private static HttpStatus ReadRequestLine(ReadOnlySpan<byte> line, out HttpRequestHead? head, out bool isVersion10)
    {
        head = null;
        isVersion10 = false;
        if (line is not [.. var text, (byte)'\r'])
            return HttpStatus.BadRequest;
        var afterMethod = text.IndexOf((byte)' ');
        var beforeVersion = text.LastIndexOf((byte)' ');
        if (afterMethod <= 0 || beforeVersion <= afterMethod + 1 || !HttpFields.IsToken(text[..afterMethod]))
            return HttpStatus.BadRequest;

        var version = text[(beforeVersion + 1)..];
        isVersion10 = version.SequenceEqual("HTTP/1.0"u8);
        if (!isVersion10 && !version.SequenceEqual("HTTP/1.1"u8))
            return version.StartsWith("HTTP/"u8) ? HttpStatus.VersionNotSupported : HttpStatus.BadRequest;

        var target = text[(afterMethod + 1)..beforeVersion];
        if (target.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
            return HttpStatus.BadRequest;
        var isConnect = text[..afterMethod].SequenceEqual("CONNECT"u8);
        if (!(isConnect ? TryReadAuthority(target, null, out var destination) : TryReadUri(target, out destination, out _)))
            return HttpStatus.BadRequest;
        head = new HttpRequestHead(isConnect, destination);
        return HttpStatus.Ok;
    }

    /// <summary>Reads a request target in absolute-form (RFC 9112 §3.2.2); only http, since https is asked for by CONNECT.</summary>
    /// <param name="target">The request target.</param>
    /// <param name="destination">Its authority.</param>
    /// <param name="path">Where its path and query begin: up to the end, and nothing if they are not there.</param>
    public static bool TryReadUri(ReadOnlySpan<byte> target, out Destination destination, out int path)
    {
        destination = default;
        path = target.Length;
        var scheme = "http://"u8;
        if (target.Length <= scheme.Length || !Ascii.EqualsIgnoreCase(target[..scheme.Length], scheme) || target.Contains((byte)'#'))
            return false;
        var rest = target[scheme.Length..];
        var end = rest.IndexOfAny((byte)'/', (byte)'?');
        if (end >= 0)
            path = scheme.Length + end;
        return TryReadAuthority(end < 0 ? rest : rest[..end], 80, out destination);
    }

    /// <summary>host [ ":" port ]; the host is a name, an IPv4 address or an IPv6 address in brackets.</summary>
    private static bool TryReadAuthority(ReadOnlySpan<byte> authority, ushort? defaultPort, out Destination destination)
    {
        destination = default;
        var host = authority;
        ReadOnlySpan<byte> portText = default;
        var isBracketed = !authority.IsEmpty && authority[0] == '[';
        var hostEnd = isBracketed ? authority.IndexOf((byte)']') + 1 : authority.IndexOf((byte)':');
        if (isBracketed && hostEnd == 0)
            return false;
        if (hostEnd >= 0 && hostEnd < authority.Length)
        {
            if (authority[hostEnd] != ':')
                return false;
            host = authority[..hostEnd];
            portText = authority[(hostEnd + 1)..];
        }

        if (!TryReadPort(portText, defaultPort, out var port))
            return false;
        if (!isBracketed)
            return Destination.TryOfName(host, port, out destination);
        if (!AddressText.TryRead(host[1..^1], out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        destination = Destination.OfAddress(address, port);
        return true;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> text, ushort? defaultPort, out ushort port)
    {
        port = defaultPort ?? 0;
        if (text.IsEmpty)
            return defaultPort is not null;
        if (text.Length > 5 || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        var number = 0;
        foreach (var digit in text)
            number = (number * 10) + (digit - '0');
        port = (ushort)number;
        return number is > 0 and <= ushort.MaxValue;
    }
}
