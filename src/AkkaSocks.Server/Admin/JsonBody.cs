using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary>Reads the body of a request as one JSON object, whatever its Content-Type says.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The object, or what is wrong with the body. Nothing of the body is repeated: it may hold a password.</summary>
    public static async Task<(JsonDocument? Document, Problem? Problem)> ReadAsync(HttpRequest request)
    {
        try
        {
            var document = await JsonDocument.ParseAsync(request.Body, Strict, request.HttpContext.RequestAborted);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return (document, null);
            document.Dispose();
            return (null, Problem.BadBody("The body must be a JSON object."));
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line
                ? $" at line {line + 1}, byte {e.BytePositionInLine + 1}"
                : ", or a name stands in it twice";
            return (null, Problem.BadBody($"The body is not valid JSON{place}."));
        }
        catch (InvalidOperationException)
        {
            // Looking for names that stand there twice it met one with half a character, as JSON can write it.
            return (null, Problem.BadBody("A name in the body is not valid Unicode."));
        }
        catch (BadHttpRequestException e)
        {
            return (null, Problem.OfStatus(e.StatusCode));
        }
    }

    /// <summary>The text of a value; null when it is none, or half a character, which JSON can write.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
