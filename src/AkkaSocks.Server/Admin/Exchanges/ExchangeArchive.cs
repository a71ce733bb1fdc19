using System.Collections.Immutable;
using Akka.Actor;
using AkkaSocks.Mitm.Capture;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Capture;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AkkaSocks.Server.Admin.Exchanges;

/// <summary>
/// Exchanges of the cluster as an HTTP Archive, written while they are fetched, node by node: one exchange at a time is held. When a node
/// stops answering in the middle the archive is cut off, so that nobody takes half of it for the whole.
/// </summary>
/// <param name="registry">Asks the nodes.</param>
/// <param name="wanted">Which exchanges.</param>
/// <param name="silent">Names of nodes that are missing from the start; the archive and <see cref="SilentField"/> name them.</param>
internal sealed class ExchangeArchive(RegistryLink registry, ExchangeFilterQuery wanted, ImmutableArray<string> silent) : IResult
{
    /// <summary>The field that names nodes whose exchanges are missing.</summary>
    public const string SilentField = "X-AkkaSocks-Silent";

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var cancel = httpContext.RequestAborted;
        response.ContentType = "application/json";
        response.Headers.ContentDisposition = "attachment; filename=akkasocks.har";
        if (!silent.IsEmpty)
            response.Headers[SilentField] = string.Join(", ", silent);

        // Else the server ends what is read slower than it thinks right.
        if (httpContext.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        var nodes = await NodesAsync();
        await using var archive = new HarWriter(
            response.Body,
            typeof(ExchangeArchive).Assembly.GetName().Version?.ToString(3) ?? "",
            silent.IsEmpty ? null : $"without {string.Join(", ", silent)}, which did not answer");
        try
        {
            foreach (var node in nodes)
            {
                if (await TryAddAsync(archive, node, cancel))
                    continue;
                httpContext.Abort();
                return;
            }

            await archive.EndAsync(cancel);
        }
        catch (AskTimeoutException)
        {
            // Of this node itself: the answer has begun, and must not end as if it were whole.
            httpContext.Abort();
        }
    }

    private async Task<IEnumerable<string>> NodesAsync() => wanted.Node is { } one
        ? [one]
        : (await registry.NodesAsync()).Select(node => node.Name).Except(silent);

    /// <returns>False when the node does not answer.</returns>
    private async Task<bool> TryAddAsync(HarWriter archive, string node, CancellationToken cancel)
    {
        var ids = new Stack<long>();
        ExchangePlace? after = null;
        do
        {
            var page = await registry.ExchangesAsync(new AuthRegistry.GetExchanges(wanted.Filter, node, after, PageQuery.MaxLimit));
            if (!page.IsOfANode || !page.Silent.IsEmpty)
                return false;
            foreach (var exchange in page.List.Items)
                ids.Push(exchange.Id);
            after = page.List.HasMore ? page.List.Items[^1].Place : null;
        }
        while (after is not null);

        foreach (var id in ids)
        {
            cancel.ThrowIfCancellationRequested();
            var found = await registry.ExchangeAsync(node, id);
            if (!found.IsOfANode || found.IsSilent)
                return false;

            // What the node has forgotten meanwhile is not in it.
            if (found.Exchange is { } exchange)
                await archive.AddAsync(exchange, node, cancel);
        }

        return true;
    }
}
