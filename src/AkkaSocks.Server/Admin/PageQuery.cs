using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary>The query of a list: <c>limit</c>, <c>after</c> and the list's own filters.</summary>
internal sealed class PageQuery
{
    /// <summary>Items of a page at most.</summary>
    public const int MaxLimit = 1000;

    private const int UsualLimit = 100;

    /// <summary>The parameters that every list has.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("limit", $"Items of a page, from 1 to {MaxLimit}; {UsualLimit} unless given."),
        new("after", "The \"next\" of the page before."),
    ];

    private readonly IQueryCollection _query;

    private PageQuery(IQueryCollection query, int limit) => (_query, Limit) = (query, limit);

    /// <summary>Items wanted.</summary>
    public int Limit { get; }

    /// <summary>Reads the query.</summary>
    /// <param name="query">It.</param>
    /// <param name="page">The query, when nothing is wrong with it.</param>
    /// <param name="problem">What is.</param>
    public static bool TryRead(
        IQueryCollection query,
        [NotNullWhen(true)] out PageQuery? page,
        [NotNullWhen(false)] out Problem? problem)
    {
        page = null;
        problem = null;
        var limit = UsualLimit;
        if (query["limit"] is [var text] && !IsLimit(text, out limit))
            problem = Problem.BadParameter("limit", $"expected a whole number from 1 to {MaxLimit}");
        else
            page = new PageQuery(query, limit);
        return page is not null;
    }

    /// <summary>A parameter; null when it is not there.</summary>
    public string? this[string name] => _query[name];

    private static bool IsLimit(string? text, out int limit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is > 0 and <= MaxLimit;
}
