using System.Globalization;
using AkkaSocks.Mitm.Capture;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Admin.Events;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin.Exchanges;

/// <summary><c>/v1/exchanges</c>: the exchanges that the node that is asked has looked into and remembers.</summary>
/// <param name="exchanges">Gives them; null when none are remembered.</param>
/// <param name="node">The node's name.</param>
/// <param name="stopping">The server stops.</param>
internal sealed class ExchangeEndpoints(Func<CaptureRing?> exchanges, string node, CancellationToken stopping)
{
    // Each costs a queue and, for each exchange, some encoding.
    private const int MaxReaders = 32;

    private int _readers;

    /// <summary>Its paths.</summary>
    public AdminRoute[] Routes =>
    [
        new("GET", "/v1/exchanges", "Exchanges that the node that is asked has looked into, the newest first.", Serve(List))
        {
            Query = [.. PageQuery.Parameters, .. ExchangeFilter.Parameters], Answer = AdminJson.Default.ExchangePage,
        },
        new("GET", "/v1/exchanges/{id}", "An exchange with its fields and, where they are kept, its bodies.", Serve(Get))
        {
            Answer = AdminJson.Default.ExchangeDetailDocument,
        },
        new("GET", "/v1/exchanges/har", "Exchanges as an HTTP Archive (HAR 1.2), the oldest first.", Serve(Archive))
        {
            Query = [.. ExchangeFilter.Parameters], MediaType = "application/json",
        },
        new("GET", "/v1/exchanges/events", "Exchanges as they end, as server-sent events.", Serve(Stream))
        {
            Query = [.. ExchangeFilter.Parameters], MediaType = "text/event-stream",
        },
    ];

    private Func<HttpContext, Task<IResult>> Serve(Func<HttpContext, CaptureRing, IResult> serve) =>
        context => Task.FromResult(exchanges() is { } ring ? serve(context, ring) : Problem.NothingCaptured());

    private static IResult List(HttpContext context, CaptureRing ring)
    {
        if (!PageQuery.TryRead(context.Request.Query, out var page, out var wrong))
            return wrong;
        if (!ExchangeFilter.TryRead(context.Request.Query, out var filter, out wrong))
            return wrong;
        var before = long.MaxValue;
        if (page["after"] is { } after && !TryReadId(after, out before))
            return Problem.BadParameter("after", "expected the \"next\" of the page before");
        var wanted = ring.All().Reverse().Where(it => it.Id < before && filter.Passes(it)).Take(page.Limit + 1).ToList();
        var hasMore = wanted.Count > page.Limit;
        return Results.Json(
            new ExchangePage(
                [.. wanted.Take(page.Limit).Select(ExchangeDocument.Of)],
                hasMore ? wanted[page.Limit - 1].Id.ToString(CultureInfo.InvariantCulture) : null),
            AdminJson.Default.ExchangePage);
    }

    private static IResult Get(HttpContext context, CaptureRing ring)
    {
        if (!TryReadId((string?)context.Request.RouteValues["id"] ?? "", out var id))
            return Problem.BadParameter("id", "expected a number");
        return ring.Find(id) is { } exchange
            ? Results.Json(ExchangeDetailDocument.Of(exchange), AdminJson.Default.ExchangeDetailDocument)
            : Problem.Unknown("exchange");
    }

    private IResult Archive(HttpContext context, CaptureRing ring)
    {
        if (!ExchangeFilter.TryRead(context.Request.Query, out var filter, out var wrong))
            return wrong;
        var archive = new MemoryStream();
        var version = typeof(ExchangeEndpoints).Assembly.GetName().Version?.ToString(3) ?? "";
        HarWriter.Write(archive, ring.All().Where(filter.Passes), node, version);
        return Results.Bytes(archive.GetBuffer().AsMemory(0, (int)archive.Length), "application/json", "akkasocks.har");
    }

    private IResult Stream(HttpContext context, CaptureRing ring)
    {
        if (!ExchangeFilter.TryRead(context.Request.Query, out var filter, out var wrong))
            return wrong;
        if (Interlocked.Increment(ref _readers) > MaxReaders)
        {
            Interlocked.Decrement(ref _readers);
            return Problem.TooManyReaders(MaxReaders);
        }

        return new EventStream(
            (queue, wake) => ring.Listen(exchange =>
            {
                if (!filter.Passes(exchange))
                    return;
                queue.Add(EventFrames.Of(exchange));
                wake.TryWrite(true);
            }),
            stopping,
            () => Interlocked.Decrement(ref _readers));
    }

    private static bool TryReadId(string text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
