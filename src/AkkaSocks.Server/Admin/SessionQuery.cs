using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Settings.Reading;
using AkkaSocks.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin;

/// <summary>The query of <c>GET /v1/sessions</c>.</summary>
internal static class SessionQuery
{
    /// <summary>A session's id that is none.</summary>
    public const string BadId = "expected a session's id of 13 letters and digits";

    private const string BadAfter = "expected the \"next\" of the page before, asked in the same order";
    private const int MaxText = 255;

    // By age the youngest is first, which is the one that started last.
    private static readonly Dictionary<string, SessionOrder> Orders = new(StringComparer.Ordinal)
    {
        ["id"] = new(SessionKey.Id, IsDescending: false),
        ["age"] = new(SessionKey.Started, IsDescending: true),
        ["bytes"] = new(SessionKey.Bytes, IsDescending: false),
        ["clientToDestination"] = new(SessionKey.ClientToDestination, IsDescending: false),
        ["destinationToClient"] = new(SessionKey.DestinationToClient, IsDescending: false),
    };

    /// <summary>Its parameters but for those of every page.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        new("user", "Sessions of this user."),
        new("client", "Sessions from this IP address."),
        new("node", "Sessions on the node of this name."),
        new("destination", "Sessions to this host, or host:port, as the client named it."),
        new("listener", "Sessions through the listener of this name."),
        new("protocol", "Sessions in this protocol, such as socks5."),
        new("q", "Sessions with this text in anything that is shown of them."),
        new("sort", $"One of {string.Join(", ", Orders.Keys)}; with a - before it the highest come first. By id unless given."),
    ];

    /// <summary>Reads the question.</summary>
    public static bool TryRead(
        IQueryCollection parameters,
        [NotNullWhen(true)] out AuthRegistry.GetSessions? question,
        [NotNullWhen(false)] out Problem? problem)
    {
        question = null;
        if (!PageQuery.TryRead(parameters, out var query, out problem))
            return false;
        if (!TryReadFilter(query, out var filter, out problem))
            return false;
        if (!TryReadOrder(query["sort"] ?? "id", out var order))
        {
            problem = Problem.BadParameter("sort", $"expected one of {string.Join(", ", Orders.Keys)}, or one of them with a - before it");
            return false;
        }

        SessionPlace? after = null;
        if (query["after"] is { } text && (after = PlaceOf(text, order)) is null)
        {
            problem = Problem.BadParameter("after", BadAfter);
            return false;
        }

        question = new AuthRegistry.GetSessions(filter, order, after, query.Limit);
        return true;
    }

    /// <summary>What <c>after</c> must be to go on behind a session.</summary>
    public static string After(SessionView session, SessionOrder order)
    {
        var place = order.PlaceOf(session);
        return order.By == SessionKey.Id ? $"{place.Id}" : string.Create(CultureInfo.InvariantCulture, $"{place.Key}.{place.Id}");
    }

    private static bool TryReadFilter(PageQuery query, out SessionFilter filter, [NotNullWhen(false)] out Problem? problem)
    {
        filter = SessionFilter.Any;
        problem = null;
        UserName? user = null;
        if (query["user"] is { } userText)
        {
            if (UserNameText.TryRead(userText, out var name, out var wrong))
                user = name;
            else
                problem = Problem.BadParameter("user", wrong);
        }

        IPAddress? client = null;
        if (query["client"] is { } clientText && !IPAddress.TryParse(clientText, out client))
            problem = Problem.BadParameter("client", "expected an IP address, without a port");
        if (query["node"] is { } node && NodeNameText.Read(node, out _) is { } expected)
            problem = Problem.BadParameter("node", $"expected {expected}");
        foreach (var name in new[] { "destination", "listener", "protocol", "q" })
        {
            if (query[name] is { Length: 0 or > MaxText })
                problem = Problem.BadParameter(name, $"expected 1 to {MaxText} characters");
        }

        filter = new SessionFilter(user, client, query["node"])
        {
            Destination = query["destination"], Listener = query["listener"], Protocol = query["protocol"], Text = query["q"],
        };
        return problem is null;
    }

    private static bool TryReadOrder(string text, out SessionOrder order)
    {
        var isTurned = text.StartsWith('-');
        if (!Orders.TryGetValue(isTurned ? text[1..] : text, out order))
            return false;
        order = order with { IsDescending = order.IsDescending != isTurned };
        return true;
    }

    private static SessionPlace? PlaceOf(string text, SessionOrder order)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var key = 0L;
        var hasKey = dot >= 0 && long.TryParse(text.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out key);
        return hasKey == (order.By != SessionKey.Id) && SessionId.TryParse(text[(dot + 1)..], out var id) ? new SessionPlace(key, id) : null;
    }
}
