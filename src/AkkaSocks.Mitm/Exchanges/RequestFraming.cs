using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>Whether a request's end is where everybody would look for it.</summary>
internal static class RequestFraming
{
    /// <summary>
    /// Two lengths, of which Kestrel would drop one, or a coding other than chunked, which it would pass over: whoever sent them meant
    /// something by it.
    /// </summary>
    public static bool IsAmbiguous(HttpRequest request)
    {
        var coding = request.Headers.TransferEncoding;
        return coding.Count > 0
            && (coding.Count > 1
                || !"chunked".Equals(coding[0], StringComparison.OrdinalIgnoreCase)
                || request.Headers.ContentLength is not null
                || request.Headers.ContainsKey("X-Content-Length"));
    }
}
