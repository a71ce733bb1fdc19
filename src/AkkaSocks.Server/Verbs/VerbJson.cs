using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AkkaSocks.Server.Verbs;

/// <summary>JSON as verbs print it: one line, for a terminal or a pipe and never for HTML, so quotes stay readable.</summary>
internal static class VerbJson
{
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON of a document.</summary>
    public static string Write<T>(T document, JsonTypeInfo<T> type)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Format))
            JsonSerializer.Serialize(writer, document, type);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
