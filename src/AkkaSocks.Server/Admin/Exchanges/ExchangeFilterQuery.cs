using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Settings.Reading;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin.Exchanges;

/// <summary>Which exchanges are wanted, and of which node, as a query says it.</summary>
/// <param name="Filter">Which.</param>
/// <param name="Node">Of the node of this name; null for all.</param>
internal sealed record ExchangeFilterQuery(ExchangeFilter Filter, string? Node)
{
    /// <summary>Its parameters.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("host", "Those with a host of this name; * stands for any characters."),
        new("user", "Those of one user, written as the API writes it."),
        new("method", "Those of one method."),
        new("status", "Those with one status, such as 404, or of one class, such as 5xx; 0 for those without an answer."),
        new("node", "Those of one node."),
    ];

    /// <summary>Reads it.</summary>
    /// <param name="query">The query.</param>
    /// <param name="wanted">What it says, when nothing is wrong with it.</param>
    /// <param name="problem">What is.</param>
    public static bool TryRead(
        IQueryCollection query,
        [NotNullWhen(true)] out ExchangeFilterQuery? wanted,
        [NotNullWhen(false)] out Problem? problem)
    {
        wanted = null;
        problem = null;
        (string? host, string? user, string? method, string? node) = (query["host"], query["user"], query["method"], query["node"]);
        foreach (var (name, text) in (ReadOnlySpan<(string, string?)>)[("host", host), ("user", user), ("method", method)])
        {
            if (text?.Length > ExchangeFilter.MaxText)
                problem ??= Problem.BadParameter(name, $"expected {ExchangeFilter.MaxText} characters at most");
        }

        if (!TryReadStatus(query["status"], out var status))
            problem ??= Problem.BadParameter("status", "expected a status such as 404, or a class such as 5xx");
        if (node is not null && NodeNameText.Read(node, out _) is { } expected)
            problem ??= Problem.BadParameter("node", $"expected {expected}");
        if (problem is null)
            wanted = new ExchangeFilterQuery(new ExchangeFilter(host, user, method, status.From, status.To), node);
        return wanted is not null;
    }

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
