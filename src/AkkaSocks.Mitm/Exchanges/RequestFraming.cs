using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>Whether a request's end is where everybody would look for it.</summary>
internal static class RequestFraming
{
    /// <summary>Two lengths: Kestrel would drop one of them, and whoever sent them meant something by it.</summary>
    public static bool IsAmbiguous(HttpRequest request) => request.Headers.TransferEncoding.Count > 0
        && (request.Headers.ContentLength is not null || request.Headers.ContainsKey("X-Content-Length"));
}
