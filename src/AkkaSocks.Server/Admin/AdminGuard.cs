using System.Net;
using AkkaSocks.Proxy.Settings;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary>
/// Who gets to the admin API. Loopback keeps the network out; this keeps out what is on this machine: other users (the token),
/// and web pages in a browser here, which can send requests to loopback (the Origin) or have a name of theirs resolve to it (the
/// Host).
/// </summary>
/// <param name="bound">Where the API listens.</param>
/// <param name="token">Null without one.</param>
/// <param name="clock">Measures the minute of <see cref="WrongTokens"/>.</param>
/// <param name="guarded">A path besides the API's that asks for the token too; null for none.</param>
internal sealed class AdminGuard(IPAddress bound, AdminToken? token, TimeProvider clock, string? guarded = null)
{
    private const string Scheme = "Bearer ";
    private const string Api = "/v1";

    private readonly WrongTokens _wrong = new(clock);

    /// <summary>Why the request is refused; null when it is not.</summary>
    public Problem? Judge(HttpRequest request)
    {
        if (!IsOurs(request.Host))
            return Problem.WrongHost();
        if (request.Headers.Origin is [var origin, ..]
            && !string.Equals(origin, $"http://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return Problem.ForeignOrigin();
        return request.Path.StartsWithSegments(Api) || (guarded is not null && request.Path.StartsWithSegments(guarded)) ? JudgeToken(request.Headers.Authorization) : null;
    }

    private Problem? JudgeToken(string? authorization)
    {
        if (token is null)
            return Problem.NoTokenConfigured();
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Problem.TokenMissing();

        // The right token passes during a flood too: else whoever can connect could lock the operator out, and against guessing
        // 128 bits no pause is needed.
        return token.Matches(authorization[Scheme.Length..].Trim()) ? null
            : _wrong.TryCount() ? Problem.TokenWrong()
            : Problem.TooManyWrongTokens();
    }

    // Any port: a forwarded one is somebody's choice, and says nothing about who asks.
    private bool IsOurs(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.AsSpan().Trim("[]"), out var address)
            && (IPAddress.IsLoopback(address) || address.Equals(bound)));
}
