using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>
/// Sees each exchange that is forwarded, for what rules cannot say: <c>mitm.inspectors</c> names it. It needs a constructor without
/// parameters, is created once, when the node starts or a reload first names it, and is asked by many exchanges at once. What it throws
/// ends the exchange or does not, as its on-error says.
/// </summary>
public interface IHttpInspector
{
    /// <summary>
    /// Asked before a request goes to its origin. It may change the request's fields and replace its body by another stream; who changes
    /// the length of a body removes Content-Length.
    /// </summary>
    /// <param name="context">The exchange.</param>
    /// <param name="session">The session it happens in.</param>
    /// <returns>True when the response has been written: then the origin is not asked.</returns>
    ValueTask<bool> OnRequestAsync(HttpContext context, InspectedSession session) => ValueTask.FromResult(false);

    /// <summary>
    /// Asked when the head of the origin's response is there, before any of it goes to the client; not for WebSockets. It may change
    /// status and fields. A body that is read here is held up; to change it as it passes, return a stream that reads it.
    /// </summary>
    /// <param name="context">The exchange, its response not started.</param>
    /// <param name="body">The body, with the content coding that its fields say.</param>
    /// <param name="session">The session it happens in.</param>
    /// <returns>The body that goes to the client: the same, or one that reads it. Who changes its length removes Content-Length.</returns>
    ValueTask<Stream> OnResponseAsync(HttpContext context, Stream body, InspectedSession session) => ValueTask.FromResult(body);
}
