using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Admin.Events;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin.Exchanges;

/// <summary><c>/v1/exchanges</c>: the exchanges that the nodes of the cluster have looked into and remember.</summary>
/// <param name="registry">Asks the nodes.</param>
/// <param name="isForReaders"><c>mitm.capture.read-token</c>: the token for reading shows them too.</param>
/// <param name="stopping">The server stops.</param>
internal sealed class ExchangeEndpoints(RegistryLink registry, Func<bool> isForReaders, CancellationToken stopping)
{
    // Each costs a queue and, for each exchange, some encoding.
    private const int MaxReaders = 32;

    private int _readers;

    private Func<string?> WhyNotForReaders => () => isForReaders()
        ? null
        : "Exchanges are what people send and get: they take the token of admin.token. mitm.capture.read-token = on lets admin.read-token "
            + "see them too.";

    /// <summary>Its paths.</summary>
    public AdminRoute[] Routes =>
    [
        new("GET", "/v1/exchanges", "Exchanges that were looked into, the latest to end first.", ListAsync)
        {
            Query = [.. PageQuery.Parameters, .. ExchangeFilterQuery.Parameters],
            Answer = AdminJson.Default.ExchangePage,
            WhyNotForReaders = WhyNotForReaders,
        },
        new("GET", "/v1/exchanges/{id}", "An exchange with its fields and, where they are kept, its bodies.", GetAsync)
        {
            Answer = AdminJson.Default.ExchangeDetailDocument, WhyNotForReaders = WhyNotForReaders,
        },
        new("GET", "/v1/exchanges/har", "Exchanges as an HTTP Archive (HAR 1.2), node by node, the oldest first.", ArchiveAsync)
        {
            Query = [.. ExchangeFilterQuery.Parameters], MediaType = "application/json", WhyNotForReaders = WhyNotForReaders,
        },
        new("GET", "/v1/exchanges/events", "Exchanges as they end, as server-sent events.", StreamAsync)
        {
            Query = [.. ExchangeFilterQuery.Parameters], MediaType = "text/event-stream", WhyNotForReaders = WhyNotForReaders,
        },
    ];

    private async Task<IResult> ListAsync(HttpContext context)
    {
        if (!PageQuery.TryRead(context.Request.Query, out var page, out var wrong))
            return wrong;
        ExchangePlace? after = null;
        if (page["after"] is { } text && !ExchangePlace.TryParse(text, out after))
            return Problem.BadParameter("after", "expected the \"next\" of the page before");
        return await AskAsync(context, page.Limit, after, (_, found) => Results.Json(
            new ExchangePage(
                [.. found.List.Items.Select(ExchangeDocument.Of)],
                found.List is { HasMore: true, Items: [.., var last] } ? last.Place.ToString() : null,
                found.IsCaptured,
                found.Silent),
            AdminJson.Default.ExchangePage));
    }

    private async Task<IResult> GetAsync(HttpContext context)
    {
        if (!ExchangePlace.TryParseName((string?)context.Request.RouteValues["id"] ?? "", out var node, out var id))
            return Problem.BadParameter("id", "expected the id of an exchange, such as n1:1795888394123001");
        var found = await registry.ExchangeAsync(node, id);
        return found switch
        {
            { IsOfANode: false } => Problem.Unknown("node"),
            { IsSilent: true } => Problem.NoAnswer(),
            { Exchange: { } exchange } => Results.Json(
                ExchangeDetailDocument.Of(exchange, node), AdminJson.Default.ExchangeDetailDocument),
            _ => Problem.Unknown("exchange"),
        };
    }

    private Task<IResult> ArchiveAsync(HttpContext context) => AskAsync(context, 1, null, (wanted, found) =>
        IsAnythingCaptured(found) ? new ExchangeArchive(registry, wanted, found.Silent) : Problem.NothingCaptured());

    private Task<IResult> StreamAsync(HttpContext context) => AskAsync(context, 1, null, (wanted, found) =>
    {
        if (!IsAnythingCaptured(found))
            return Problem.NothingCaptured();
        if (Interlocked.Increment(ref _readers) > MaxReaders)
        {
            Interlocked.Decrement(ref _readers);
            return Problem.TooManyReaders(MaxReaders);
        }

        return new EventStream(
            (queue, wake) =>
            {
                if (!found.Silent.IsEmpty)
                    queue.Add(EventFrames.OfSilent(found.Silent));
                return registry.ListeningToExchanges(wanted.Filter, ExchangeReader.Props(queue, wake, wanted));
            },
            stopping,
            () => Interlocked.Decrement(ref _readers));
    });

    // Of a node that does not answer it is not known.
    private static bool IsAnythingCaptured(AuthRegistry.ExchangePage found) => found.IsCaptured || !found.Silent.IsEmpty;

    /// <summary>Asks the nodes for the first exchanges that the query wants, and goes on with what they say.</summary>
    private async Task<IResult> AskAsync(
        HttpContext context, int count, ExchangePlace? after, Func<ExchangeFilterQuery, AuthRegistry.ExchangePage, IResult> go)
    {
        if (!ExchangeFilterQuery.TryRead(context.Request.Query, out var wanted, out var wrong))
            return wrong;
        var found = await registry.ExchangesAsync(new AuthRegistry.GetExchanges(wanted.Filter, wanted.Node, after, count));
        return found.IsOfANode ? go(wanted, found) : Problem.Unknown("node");
    }
}
