using System.Collections.Immutable;
using System.Text;

namespace AkkaSocks.Proxy.Capture;

/// <summary>
/// An exchange in a line: what nodes and operators are told of it until they ask for more. Texts that a client or an origin may have
/// made long are cut: a page of lines is to fit into a frame.
/// </summary>
internal sealed record ExchangeSummary
{
    private const int MaxUrl = 2000, MaxHost = 255, MaxMethod = 64, MaxContentType = 200, MaxEdits = 8, BytesBesidesTexts = 128;

    /// <summary>The node that has looked into it.</summary>
    public required string Node { get; init; }

    /// <summary>Its place among all of the node.</summary>
    public required long Id { get; init; }

    /// <summary>The session, as in the log.</summary>
    public required string Session { get; init; }

    /// <summary>Who has logged in, made safe for logs; null when nobody had to.</summary>
    public required string? User { get; init; }

    /// <summary>The client's address and port.</summary>
    public required string Client { get; init; }

    /// <summary>When the request's head had come, by the node's clock.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took until the last byte was taken.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Until the origin's head had come; null when none came.</summary>
    public required TimeSpan? FirstByte { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The host that the client has named, without a port.</summary>
    public required string Host { get; init; }

    /// <summary>The URL, its first 2000 characters.</summary>
    public required string Url { get; init; }

    /// <summary>As <c>HTTP/1.1</c>, of the request.</summary>
    public required string Version { get; init; }

    /// <summary>The status that the client got; 0 when it got none.</summary>
    public required int Status { get; init; }

    /// <summary>Of the response; null when it said none.</summary>
    public required string? ContentType { get; init; }

    /// <summary>Bytes of the request's body.</summary>
    public required long RequestBytes { get; init; }

    /// <summary>Bytes of the response's body.</summary>
    public required long ResponseBytes { get; init; }

    /// <summary>The rule that has answered; null when none has.</summary>
    public required string? Rule { get; init; }

    /// <summary>The rules that have changed something, each once, the first of them where they are many.</summary>
    public required ImmutableArray<string> Edits { get; init; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public required string? Error { get; init; }

    /// <summary>Where it stands in lists.</summary>
    public ExchangePlace Place => new((Started + Duration).UtcTicks, Node, Id);

    /// <summary>Bytes that it takes in a frame, about, and rather more.</summary>
    public int Size => BytesBesidesTexts + BytesOf(Node) + BytesOf(Session) + BytesOf(User) + BytesOf(Client) + BytesOf(Method)
        + BytesOf(Host) + BytesOf(Url) + BytesOf(Version) + BytesOf(ContentType) + BytesOf(Rule) + BytesOf(Error)
        + Edits.Sum(BytesOf);

    /// <summary>The line of an exchange.</summary>
    /// <param name="exchange">It.</param>
    /// <param name="node">The name of the node that has it.</param>
    public static ExchangeSummary Of(CapturedExchange exchange, string node) => new()
    {
        Node = node,
        Id = exchange.Id,
        Session = exchange.Session,
        User = exchange.User,
        Client = exchange.Client,
        Started = exchange.Started,
        Duration = exchange.Duration,
        FirstByte = exchange.FirstByte,
        Method = Cut(exchange.Method, MaxMethod)!,
        Host = Cut(exchange.Host, MaxHost)!,
        Url = Cut(exchange.Url, MaxUrl)!,
        Version = exchange.Version,
        Status = exchange.Status,
        ContentType = Cut(exchange.ResponseField("Content-Type"), MaxContentType),
        RequestBytes = exchange.RequestBody.Length,
        ResponseBytes = exchange.ResponseBody.Length,
        Rule = exchange.Rule,
        Edits = [.. exchange.Edits.Select(edit => edit.Rule).Distinct().Take(MaxEdits)],
        Error = exchange.Error,
    };

    private static int BytesOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static string? Cut(string? text, int most) => text?.Length > most ? text[..most] + "…" : text;
}
