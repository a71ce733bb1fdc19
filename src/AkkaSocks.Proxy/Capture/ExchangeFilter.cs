using System.IO.Enumeration;

namespace AkkaSocks.Proxy.Capture;

/// <summary>Which exchanges are wanted: those that fit all that is given.</summary>
/// <param name="Host">Those with a host like this, in which <c>*</c> stands for any characters, in capitals or not.</param>
/// <param name="User">Those of this user, written as the log writes it.</param>
/// <param name="Method">Those of this method.</param>
/// <param name="FromStatus">Those with this status or a higher one; 0 is none at all.</param>
/// <param name="ToStatus">Those with this status or a lower one.</param>
internal sealed record ExchangeFilter(string? Host, string? User, string? Method, int FromStatus, int ToStatus)
{
    /// <summary>A text of a filter has so many characters at most, so that a frame holds the filters of all readers of a node.</summary>
    public const int MaxText = 255;

    /// <summary>All of them.</summary>
    public static readonly ExchangeFilter Any = new(null, null, null, 0, int.MaxValue);

    /// <summary>Whether an exchange is wanted.</summary>
    public bool Passes(CapturedExchange exchange) => Passes(exchange.Status, exchange.User, exchange.Method, exchange.Host);

    /// <inheritdoc cref="Passes(CapturedExchange)"/>
    public bool Passes(ExchangeSummary exchange) => Passes(exchange.Status, exchange.User, exchange.Method, exchange.Host);

    private bool Passes(int status, string? user, string method, string host) => status >= FromStatus && status <= ToStatus
        && (User is null || user == User)
        && (Method is null || method == Method)
        && (Host is null || FileSystemName.MatchesSimpleExpression(Host, host, ignoreCase: true));
}
