using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Admin.Events;
using Microsoft.AspNetCore.Http;

namespace AkkaSocks.Server.Admin.Logs;

/// <summary>
/// <c>/v1/log</c>: what the nodes of the cluster write into their process logs. Not for the token for reading: file names, defects with
/// their stacks and, where there is no file for it, the audit log are in there.
/// </summary>
/// <param name="registry">Asks the nodes.</param>
/// <param name="stopping">The server stops.</param>
internal sealed class LogEndpoints(RegistryLink registry, CancellationToken stopping)
{
    // Each costs a queue, and a line may be some 12 KB: 24 MB for all that have stopped reading.
    private const int MaxReaders = 8, QueueCapacity = 256;

    private static readonly Func<string?> WhyNotForReaders = static () =>
        "A process log tells what operators did and where files lie: it takes the token of admin.token.";

    private int _readers;

    /// <summary>Its paths.</summary>
    public ImmutableArray<AdminRoute> Routes =>
    [
        new("GET", "/v1/log", "The last lines of process logs, the oldest first.", ListAsync)
        {
            Query = [LogQuery.Limit, .. LogQuery.Parameters],
            Answer = AdminJson.Default.LogPageDocument,
            WhyNotForReaders = WhyNotForReaders,
        },
        new("GET", "/v1/log/events", "Lines of process logs as they are written, as server-sent events.", StreamAsync)
        {
            Query = [.. LogQuery.Parameters], MediaType = "text/event-stream", WhyNotForReaders = WhyNotForReaders,
        },
    ];

    private Task<IResult> ListAsync(HttpContext context) => AskAsync(context, null, (_, page) => Results.Json(
        new LogPageDocument([.. page.Items.Select(it => LogLineDocument.Of(it.Node, it.Line))], page.Silent), AdminJson.Default.LogPageDocument));

    private Task<IResult> StreamAsync(HttpContext context) => AskAsync(context, 1, (wanted, page) =>
    {
        if (Interlocked.Increment(ref _readers) > MaxReaders)
        {
            Interlocked.Decrement(ref _readers);
            return Problem.TooManyReaders(MaxReaders);
        }

        return new EventStream(
            (queue, wake) =>
            {
                if (!page.Silent.IsEmpty)
                    queue.Add(EventFrames.OfSilent(page.Silent));
                return registry.ListeningToLog(wanted.Level, LogReader.Props(queue, wake, wanted));
            },
            stopping,
            () => Interlocked.Decrement(ref _readers))
        {
            QueueCapacity = QueueCapacity,
        };
    });

    /// <summary>Asks the nodes for the last lines that the query wants, and goes on with what they say.</summary>
    private async Task<IResult> AskAsync(HttpContext context, int? count, Func<LogQuery, AuthRegistry.LogPage, IResult> go)
    {
        if (!LogQuery.TryRead(context.Request.Query, out var wanted, out var wrong))
            return wrong;
        var page = await registry.LogAsync(new AuthRegistry.GetLog(wanted.Node, wanted.Level, count ?? wanted.Count));
        return page.IsOfANode ? go(wanted, page) : Problem.Unknown("node");
    }
}
