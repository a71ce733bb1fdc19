using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Capture;

/// <summary>An exchange that is over, as it is remembered: what was to be kept secret is not in it any more.</summary>
internal sealed record CapturedExchange
{
    /// <summary>Its place among all of this node, also of those before it started anew; set by the ring.</summary>
    public long Id { get; init; }

    /// <summary>The session, as in the log.</summary>
    public required string Session { get; init; }

    /// <summary>Who has logged in, made safe for logs; null when nobody had to.</summary>
    public required string? User { get; init; }

    /// <summary>The client's address and port.</summary>
    public required string Client { get; init; }

    /// <summary>When the request's head had come.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took until the last byte was taken.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Until the origin's head had come; null when none came.</summary>
    public required TimeSpan? FirstByte { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The host that the client has named, without a port.</summary>
    public required string Host { get; init; }

    /// <summary>The whole URL.</summary>
    public required string Url { get; init; }

    /// <summary>As <c>HTTP/1.1</c>, of the request.</summary>
    public required string Version { get; init; }

    /// <summary>The fields of the request, as the client has sent them.</summary>
    public required ImmutableArray<KeyValuePair<string, string>> RequestFields { get; init; }

    /// <summary>The body of the request, as the client has sent it.</summary>
    public required CapturedBody RequestBody { get; init; }

    /// <summary>The status that the client got; 0 when it got none.</summary>
    public required int Status { get; init; }

    /// <summary>The fields of the response, as the client got them.</summary>
    public required ImmutableArray<KeyValuePair<string, string>> ResponseFields { get; init; }

    /// <summary>The body of the response, as the client got it; of an answer that is the proxy's own nothing.</summary>
    public required CapturedBody ResponseBody { get; init; }

    /// <summary>The messages of a WebSocket, the first of them; empty unless bodies are kept.</summary>
    public required ImmutableArray<CapturedMessage> Messages { get; init; }

    /// <summary>The rule that has answered; null when none has.</summary>
    public required string? Rule { get; init; }

    /// <summary>What rules have changed, in the order in which they did; the first of it where it is much.</summary>
    public required ImmutableArray<CapturedEdit> Edits { get; init; }

    /// <summary>What went wrong, of a closed set of words; null when nothing did.</summary>
    public required string? Error { get; init; }

    /// <summary>About what it takes in memory.</summary>
    public int Size => 512 + (2 * (Url.Length + Lengths(RequestFields) + Lengths(ResponseFields)))
        + RequestBody.Head.Length + ResponseBody.Head.Length
        + Messages.Sum(message => 128 + message.Body.Head.Length) + (64 * Edits.Length);

    /// <summary>A field of the response; null when there is none.</summary>
    public string? ResponseField(string name) => Field(ResponseFields, name);

    /// <summary>A field of the request; null when there is none.</summary>
    public string? RequestField(string name) => Field(RequestFields, name);

    private static string? Field(ImmutableArray<KeyValuePair<string, string>> fields, string name)
    {
        foreach (var (key, value) in fields)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        return null;
    }

    private static int Lengths(ImmutableArray<KeyValuePair<string, string>> fields)
    {
        var length = 0;
        foreach (var (name, value) in fields)
            length += name.Length + value.Length + 40;
        return length;
    }
}

/// <summary>What is kept of a body.</summary>
/// <param name="Length">Bytes that have passed.</param>
/// <param name="Head">The first of them; empty unless bodies are kept.</param>
internal sealed record CapturedBody(long Length, ReadOnlyMemory<byte> Head)
{
    /// <summary>The head is the whole.</summary>
    public bool IsWhole => Head.Length == Length;
}
