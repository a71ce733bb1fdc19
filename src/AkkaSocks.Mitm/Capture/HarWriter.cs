using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Mitm.Capture;

/// <summary>Writes exchanges as an HTTP Archive, version 1.2 (http://www.softwareishard.com/blog/har-12-spec/), one after the other: no more
/// than one of them is held.</summary>
internal sealed class HarWriter : IAsyncDisposable
{
    private const int TextMessage = 1;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json;

    /// <summary>Begins an archive.</summary>
    /// <param name="output">Where to; it is only written to asynchronously.</param>
    /// <param name="version">This program's.</param>
    /// <param name="comment">What a reader should know of it; null for nothing.</param>
    public HarWriter(Stream output, string version, string? comment)
    {
        _json = new Utf8JsonWriter(output, Options);
        _json.WriteStartObject();
        _json.WriteStartObject("log");
        _json.WriteString("version", "1.2");
        _json.WriteStartObject("creator");
        _json.WriteString("name", "AkkaSocks");
        _json.WriteString("version", version);
        _json.WriteEndObject();
        WriteIfAny(_json, "comment", comment);
        _json.WriteStartArray("entries");
    }

    /// <summary>Adds an exchange.</summary>
    /// <param name="exchange">It.</param>
    /// <param name="node">The name of the node that has looked into it.</param>
    /// <param name="cancel">Nobody wants the archive any more.</param>
    public Task AddAsync(CapturedExchange exchange, string node, CancellationToken cancel)
    {
        WriteEntry(_json, exchange, node);
        return _json.FlushAsync(cancel);
    }

    /// <summary>Ends the archive.</summary>
    public Task EndAsync(CancellationToken cancel)
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndObject();
        return _json.FlushAsync(cancel);
    }

    /// <summary>Gives its buffer back.</summary>
    public ValueTask DisposeAsync()
    {
        // An archive that was given up has no end, and what is left of it goes nowhere.
        _json.Reset(Stream.Null);
        return _json.DisposeAsync();
    }

    private static void WriteEntry(Utf8JsonWriter json, CapturedExchange exchange, string node)
    {
        json.WriteStartObject();
        json.WriteString("startedDateTime", exchange.Started.ToString("O", CultureInfo.InvariantCulture));
        json.WriteNumber("time", exchange.Duration.TotalMilliseconds);
        WriteRequest(json, exchange);
        WriteResponse(json, exchange);
        json.WriteStartObject("cache");
        json.WriteEndObject();
        var first = exchange.FirstByte ?? exchange.Duration;
        json.WriteStartObject("timings");
        json.WriteNumber("send", 0);
        json.WriteNumber("wait", first.TotalMilliseconds);
        json.WriteNumber("receive", (exchange.Duration - first).TotalMilliseconds);
        json.WriteEndObject();
        json.WriteString("connection", exchange.Session);
        json.WriteString("_node", node);
        json.WriteString("_client", exchange.Client);
        WriteMessages(json, exchange.Messages);
        WriteIfAny(json, "_user", exchange.User);
        WriteIfAny(json, "_rule", exchange.Rule);
        WriteIfAny(json, "_error", exchange.Error);
        WriteEdits(json, exchange.Edits);
        json.WriteEndObject();
    }

    private static void WriteEdits(Utf8JsonWriter json, ImmutableArray<CapturedEdit> edits)
    {
        if (edits.IsEmpty)
            return;
        json.WriteStartArray("_edits");
        foreach (var edit in edits)
        {
            json.WriteStartObject();
            json.WriteString("rule", edit.Rule);
            json.WriteString("what", edit.What);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>As Chromium writes them, and reads them again.</summary>
    private static void WriteMessages(Utf8JsonWriter json, ImmutableArray<CapturedMessage> messages)
    {
        if (messages.IsEmpty)
            return;
        json.WriteString("_resourceType", "websocket");
        json.WriteStartArray("_webSocketMessages");
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteString("type", message.FromClient ? "send" : "receive");
            json.WriteNumber("time", message.Time.ToUnixTimeMilliseconds() / 1000.0);
            json.WriteNumber("opcode", message.Opcode);
            if (message.Opcode == TextMessage && ReadableBody.TextOf(message.Body.Head.Span) is { } text)
                json.WriteString("data", text);
            else
                json.WriteBase64String("data", message.Body.Head.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRequest(Utf8JsonWriter json, CapturedExchange exchange)
    {
        json.WriteStartObject("request");
        json.WriteString("method", exchange.Method);
        json.WriteString("url", exchange.Url);
        json.WriteString("httpVersion", exchange.Version);
        WriteCookies(json, exchange.RequestField("Cookie"));
        WriteFields(json, exchange.RequestFields);
        json.WriteStartArray("queryString");
        foreach (var (name, value) in QueryOf(exchange.Url))
            WritePair(json, name, value);
        json.WriteEndArray();
        json.WriteNumber("headersSize", -1);
        json.WriteNumber("bodySize", exchange.RequestBody.Length);
        if (!exchange.RequestBody.Head.IsEmpty)
        {
            json.WriteStartObject("postData");
            json.WriteString("mimeType", exchange.RequestField("Content-Type") ?? "");
            WriteText(json, exchange.RequestBody, exchange.RequestField("Content-Encoding"));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter json, CapturedExchange exchange)
    {
        json.WriteStartObject("response");
        json.WriteNumber("status", exchange.Status);
        json.WriteString("statusText", "");
        json.WriteString("httpVersion", exchange.Version);
        WriteCookies(json, null);
        WriteFields(json, exchange.ResponseFields);
        json.WriteStartObject("content");
        json.WriteNumber("size", exchange.ResponseBody.Length);
        json.WriteString("mimeType", exchange.ResponseField("Content-Type") ?? "");
        if (!exchange.ResponseBody.Head.IsEmpty)
            WriteText(json, exchange.ResponseBody, exchange.ResponseField("Content-Encoding"));
        json.WriteEndObject();
        json.WriteString("redirectURL", exchange.ResponseField("Location") ?? "");
        json.WriteNumber("headersSize", -1);
        json.WriteNumber("bodySize", exchange.ResponseBody.Length);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, CapturedBody body, string? contentEncoding)
    {
        var bytes = ReadableBody.Decoded(body, contentEncoding);
        if (ReadableBody.TextOf(bytes) is { } text)
        {
            json.WriteString("text", text);
        }
        else
        {
            json.WriteBase64String("text", bytes);
            json.WriteString("encoding", "base64");
        }

        if (!body.IsWhole)
            json.WriteString("comment", $"the first {body.Head.Length} of {body.Length} bytes");
    }

    private static void WriteFields(Utf8JsonWriter json, ImmutableArray<KeyValuePair<string, string>> fields)
    {
        json.WriteStartArray("headers");
        foreach (var (name, value) in fields)
            WritePair(json, name, value);
        json.WriteEndArray();
    }

    private static void WriteCookies(Utf8JsonWriter json, string? cookie)
    {
        json.WriteStartArray("cookies");
        if (cookie is not null and not Redaction.Mark)
        {
            foreach (var pair in cookie.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                WritePair(json, equals < 0 ? pair : pair[..equals], equals < 0 ? "" : pair[(equals + 1)..]);
            }
        }

        json.WriteEndArray();
    }

    private static IEnumerable<(string Name, string Value)> QueryOf(string url)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal);
        if (query < 0)
            yield break;
        foreach (var pair in url[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0
                ? (Uri.UnescapeDataString(pair), "")
                : (Uri.UnescapeDataString(pair[..equals]), Uri.UnescapeDataString(pair[(equals + 1)..]));
        }
    }

    private static void WritePair(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
