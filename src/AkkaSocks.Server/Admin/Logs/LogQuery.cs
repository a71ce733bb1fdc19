using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Akka.Event;
using AkkaSocks.Proxy.Settings.Reading;
using AkkaSocks.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin.Logs;

/// <summary>Which lines of process logs are wanted, as a query says it.</summary>
/// <param name="Node">Of the node of this name; null for all.</param>
/// <param name="Level">The least grave that are wanted.</param>
/// <param name="Count">Lines at most.</param>
internal sealed record LogQuery(string? Node, LogLevel Level, int Count)
{
    private const int UsualCount = 100;

    /// <summary>How the levels are called, by their numbers.</summary>
    private static readonly string[] Levels = ["debug", "info", "warning", "error"];

    /// <summary>How many.</summary>
    public static readonly QueryParameter Limit = new("limit", $"Lines at most, from 1 to {ProcessLog.Kept}; {UsualCount} unless given.");

    /// <summary>Which.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("node", "Those of one node."),
        new("level", $"Those that are at least so grave: {string.Join(", ", Levels)}; all that are written unless given."),
    ];

    /// <summary>How a level is called.</summary>
    public static string NameOf(LogLevel level) => Levels[(int)level];

    /// <summary>Reads it.</summary>
    /// <param name="query">The query.</param>
    /// <param name="wanted">What it says, when nothing is wrong with it.</param>
    /// <param name="problem">What is.</param>
    public static bool TryRead(
        IQueryCollection query, [NotNullWhen(true)] out LogQuery? wanted, [NotNullWhen(false)] out Problem? problem)
    {
        wanted = null;
        problem = null;
        (string? node, string? level, string? limit) = (query["node"], query["level"], query["limit"]);
        var grave = level is null ? 0 : Array.IndexOf(Levels, level);
        var count = UsualCount;
        if (node is not null && NodeNameText.Read(node, out _) is { } expected)
            problem = Problem.BadParameter("node", $"expected {expected}");
        else if (grave < 0)
            problem = Problem.BadParameter("level", $"expected {string.Join(", ", Levels[..^1])} or {Levels[^1]}");
        else if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > ProcessLog.Kept))
            problem = Problem.BadParameter("limit", $"expected a whole number from 1 to {ProcessLog.Kept}");
        else
            wanted = new LogQuery(node, (LogLevel)grave, count);
        return wanted is not null;
    }
}
