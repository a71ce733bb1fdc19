using System.Text.Json;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary>What a stream of server-sent events says of itself: that something is missing.</summary>
internal static class StreamGaps
{
    /// <summary>It, in words.</summary>
    /// <param name="json">A <see cref="SilentDocument"/> or a <see cref="LostDocument"/>.</param>
    public static string TextOf(string json)
    {
        if (JsonSerializer.Deserialize(json, AdminJson.Default.SilentDocument) is { Silent: { IsDefault: false } silent })
            return $"(without {string.Join(", ", silent)}, which did not answer)";
        var lost = JsonSerializer.Deserialize(json, AdminJson.Default.LostDocument);
        return $"(missing: {lost?.Count}{(lost?.Node is { } node ? $" of {node}" : "")})";
    }
}
