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
/// <param name="settings">Which tokens there are.</param>
/// <param name="clock">Measures the minute of <see cref="WrongTokens"/>.</param>
/// <param name="guarded">A path besides the API's that asks for the token too; null for none.</param>
internal sealed class AdminGuard(IPAddress bound, AdminSettings settings, TimeProvider clock, string? guarded = null)
{
    private static readonly object MayWriteKey = new();

    private const string Scheme = "Bearer ";
    private const string Api = "/v1";

    private readonly WrongTokens _wrong = new(clock);
    private volatile AdminSettings _settings = settings;

    /// <summary>Which tokens there are from now on.</summary>
    public AdminSettings Settings
    {
        set => _settings = value;
    }

    /// <summary>Whether the token that a request has passed with may change things.</summary>
    public static bool MayWrite(HttpContext context) => context.Items[MayWriteKey] is true;

    /// <summary>Why the request is refused; null when it is not.</summary>
    public Problem? Judge(HttpRequest request)
    {
        if (!IsOurs(request.Host))
            return Problem.WrongHost();
        if (request.Headers.Origin is [var origin, ..]
            && !string.Equals(origin, $"http://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return Problem.ForeignOrigin();
        return request.Path.StartsWithSegments(Api) || (guarded is not null && request.Path.StartsWithSegments(guarded))
            ? JudgeToken(request)
            : null;
    }

    private Problem? JudgeToken(HttpRequest request)
    {
        var settings = _settings;
        if (settings.Token is null && settings.ReadToken is null)
            return Problem.NoTokenConfigured();
        if ((string?)request.Headers.Authorization is not { } authorization
            || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Problem.TokenMissing();

        // The right token passes during a flood too: else whoever can connect could lock the operator out, and against guessing
        // 256 bits no pause is needed. Both are compared, so that the time tells nothing.
        var presented = authorization[Scheme.Length..].Trim();
        var mayWrite = settings.Token?.Matches(presented) == true;
        var mayRead = settings.ReadToken?.Matches(presented) == true;
        request.HttpContext.Items[MayWriteKey] = mayWrite;
        if (mayWrite || (mayRead && IsReading(request.Method)))
            return null;
        return mayRead ? Problem.ReadOnlyToken()
            : _wrong.TryCount() ? Problem.TokenWrong()
            : Problem.TooManyWrongTokens();
    }

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    // Any port: a forwarded one is somebody's choice, and says nothing about who asks.
    private bool IsOurs(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.AsSpan().Trim("[]"), out var address)
            && (IPAddress.IsLoopback(address) || address.Equals(bound)));
}
