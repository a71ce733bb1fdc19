using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AkkaSocks.Mitm.Capture;
using AkkaSocks.Mitm.Rules;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin.Exchanges;

/// <summary>Which exchanges are wanted.</summary>
internal sealed class ExchangeFilter
{
    /// <summary>Its parameters.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("host", "Those with a host of this name; * stands for any characters."),
        new("user", "Those of one user, written as the API writes it."),
        new("method", "Those of one method."),
        new("status", "Those with one status, such as 404, or of one class, such as 5xx; 0 for those without an answer."),
    ];

    private readonly Glob? _host;
    private readonly string? _user, _method;
    private readonly int _from, _to = int.MaxValue;

    private ExchangeFilter(Glob? host, string? user, string? method, (int From, int To) status) =>
        (_host, _user, _method, _from, _to) = (host, user, method, status.From, status.To);

    /// <summary>Reads it.</summary>
    /// <param name="query">The query.</param>
    /// <param name="filter">The filter, when nothing is wrong with it.</param>
    /// <param name="problem">What is.</param>
    public static bool TryRead(
        IQueryCollection query,
        [NotNullWhen(true)] out ExchangeFilter? filter,
        [NotNullWhen(false)] out Problem? problem)
    {
        filter = null;
        problem = null;
        if (!TryReadStatus(query["status"], out var status))
            problem = Problem.BadParameter("status", "expected a status such as 404, or a class such as 5xx");
        else
            filter = new ExchangeFilter(query["host"] is [{ } host] ? new Glob(host, ignoreCase: true) : null, query["user"], query["method"], status);
        return filter is not null;
    }

    /// <summary>Whether an exchange is wanted.</summary>
    public bool Passes(CapturedExchange exchange) => exchange.Status >= _from && exchange.Status <= _to
        && (_user is null || exchange.User == _user)
        && (_method is null || exchange.Method == _method)
        && _host?.IsMatch(exchange.Host) != false;

    private static bool TryReadStatus(string? text, out (int From, int To) status)
    {
        status = (0, int.MaxValue);
        if (text is null)
            return true;
        if (text is [>= '1' and <= '5' and var digit, 'x', 'x'])
        {
            status = ((digit - '0') * 100, ((digit - '0') * 100) + 99);
            return true;
        }

        var isOne = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var one);
        status = (one, one);
        return isOne;
    }
}
