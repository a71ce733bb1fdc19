using System.Collections.Immutable;
using AkkaSocks.Mitm.Capture;
using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>An exchange that was looked into, in a line.</summary>
/// <param name="Id">Its name in the cluster, as n1:1795888394123001; never another exchange's.</param>
/// <param name="Node">The node that has looked into it.</param>
/// <param name="Session">The session it happened in.</param>
/// <param name="User">Who; null without authentication.</param>
/// <param name="Client">Where the client connects from.</param>
/// <param name="Started">When its request came.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="FirstByteMilliseconds">Until the origin's head had come; null when none came.</param>
/// <param name="Method">The method.</param>
/// <param name="Url">The URL, without its secrets; cut after 2000 characters, except in the details.</param>
/// <param name="Version">As HTTP/1.1.</param>
/// <param name="Status">The status that the client got; 0 when it got none.</param>
/// <param name="ContentType">Of the response; null when it said none.</param>
/// <param name="RequestBytes">Of the body.</param>
/// <param name="ResponseBytes">Of the body.</param>
/// <param name="Rule">The rule that has answered; null when none has.</param>
/// <param name="Edits">The rules that have changed something, eight at most.</param>
/// <param name="Error">What went wrong; null when nothing did.</param>
internal sealed record ExchangeDocument(
    string Id,
    string Node,
    string Session,
    string? User,
    string Client,
    DateTimeOffset Started,
    double Milliseconds,
    double? FirstByteMilliseconds,
    string Method,
    string Url,
    string Version,
    int Status,
    string? ContentType,
    long RequestBytes,
    long ResponseBytes,
    string? Rule,
    ImmutableArray<string> Edits,
    string? Error)
{
    /// <summary>The document of an exchange.</summary>
    public static ExchangeDocument Of(ExchangeSummary exchange) => new(
        ExchangePlace.NameOf(exchange.Node, exchange.Id),
        exchange.Node,
        exchange.Session,
        exchange.User,
        exchange.Client,
        exchange.Started,
        exchange.Duration.TotalMilliseconds,
        exchange.FirstByte?.TotalMilliseconds,
        exchange.Method,
        exchange.Url,
        exchange.Version,
        exchange.Status,
        exchange.ContentType,
        exchange.RequestBytes,
        exchange.ResponseBytes,
        exchange.Rule,
        exchange.Edits,
        exchange.Error);
}

/// <summary>Some exchanges, the latest to end first.</summary>
/// <param name="Items">They.</param>
/// <param name="Next">What <c>after</c> must be for the next page; null when this is the last.</param>
/// <param name="IsCaptured">Whether a node that has answered remembers exchanges at all.</param>
/// <param name="Silent">Names of nodes whose exchanges are missing, since they did not answer.</param>
internal sealed record ExchangePage(
    ImmutableArray<ExchangeDocument> Items, string? Next, bool IsCaptured, ImmutableArray<string> Silent);

/// <summary>An exchange with all that is remembered of it.</summary>
/// <param name="Summary">In a line.</param>
/// <param name="RequestFields">As the client has sent them.</param>
/// <param name="RequestBody">As the client has sent it.</param>
/// <param name="ResponseFields">As the client got them.</param>
/// <param name="ResponseBody">As the client got it.</param>
/// <param name="Messages">Of a WebSocket, the first of them, where bodies are kept.</param>
/// <param name="Edits">What rules have changed, in the order in which they did; 32 at most.</param>
internal sealed record ExchangeDetailDocument(
    ExchangeDocument Summary,
    ImmutableArray<FieldDocument> RequestFields,
    BodyDocument RequestBody,
    ImmutableArray<FieldDocument> ResponseFields,
    BodyDocument ResponseBody,
    ImmutableArray<MessageDocument> Messages,
    ImmutableArray<EditDocument> Edits)
{
    /// <summary>The document of an exchange.</summary>
    /// <param name="exchange">It.</param>
    /// <param name="node">The node that has it.</param>
    public static ExchangeDetailDocument Of(CapturedExchange exchange, string node) => new(
        ExchangeDocument.Of(ExchangeSummary.Of(exchange, node)) with { Url = exchange.Url },
        [.. exchange.RequestFields.Select(field => new FieldDocument(field.Key, field.Value))],
        BodyDocument.Of(exchange.RequestBody, exchange.RequestField("Content-Encoding")),
        [.. exchange.ResponseFields.Select(field => new FieldDocument(field.Key, field.Value))],
        BodyDocument.Of(exchange.ResponseBody, exchange.ResponseField("Content-Encoding")),
        [.. exchange.Messages.Select(MessageDocument.Of)],
        [.. exchange.Edits.Select(edit => new EditDocument(edit.Rule, edit.What))]);
}

/// <summary>Something that a rule has changed.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="What">redaction, delay, and of request and response: request-fields, request-body, request-pace, response-fields ….</param>
internal sealed record EditDocument(string Rule, string What);

/// <summary>A message of a WebSocket.</summary>
/// <param name="FromClient">Who has sent it.</param>
/// <param name="Time">When.</param>
/// <param name="Opcode">1 text, 2 binary, 8 close, 9 ping, 10 pong.</param>
/// <param name="Body">What it holds.</param>
internal sealed record MessageDocument(bool FromClient, DateTimeOffset Time, int Opcode, BodyDocument Body)
{
    private const int Text = 1;

    /// <summary>The document of a message.</summary>
    public static MessageDocument Of(CapturedMessage message) =>
        new(message.FromClient, message.Time, message.Opcode, BodyDocument.Of(message.Body, null, mayBeText: message.Opcode == Text));
}

/// <summary>A field of HTTP.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; "[redacted]" for one that is not kept.</param>
internal sealed record FieldDocument(string Name, string Value);

/// <summary>What is remembered of a body.</summary>
/// <param name="Bytes">How many have passed.</param>
/// <param name="Text">The first of them, decoded, where they are text; null where they are not, or bodies are not kept.</param>
/// <param name="Base64">The same where they are no text.</param>
/// <param name="IsWhole">Whether that is all of it.</param>
internal sealed record BodyDocument(long Bytes, string? Text, string? Base64, bool IsWhole)
{
    /// <summary>The document of a body.</summary>
    public static BodyDocument Of(CapturedBody body, string? contentEncoding, bool mayBeText = true)
    {
        if (body.Head.IsEmpty)
            return new BodyDocument(body.Length, null, null, body.IsWhole);
        var bytes = ReadableBody.Decoded(body, contentEncoding);
        var text = mayBeText ? ReadableBody.TextOf(bytes) : null;
        return new BodyDocument(body.Length, text, text is null ? Convert.ToBase64String(bytes) : null, body.IsWhole);
    }
}
