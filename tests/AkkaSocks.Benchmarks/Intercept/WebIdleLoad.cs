using AkkaSocks.Benchmarks.Proxies;
using AkkaSocks.Benchmarks.Proxies.Load;

namespace AkkaSocks.Benchmarks.Intercept;

/// <summary>What a connection costs that is looked into and does nothing: memory of the proxy before and after the connections are
/// opened, each with one request. All must answer again at the end. Keys: connections, warm (connections that come and go before), settle
/// (seconds before measuring).</summary>
internal sealed class WebIdleLoad(LoadArguments arguments)
{
    private const int AtOnce = 16;

    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        var count = arguments.Count("connections", 500);
        var clients = Enumerable.Range(0, count).Select(_ => new WebClient(arguments.Route)).ToList();
        try
        {
            var first = Enumerable.Range(0, arguments.Count("warm", 50)).Select(_ => new WebClient(arguments.Route)).ToList();
            AskAll(first);
            first.ForEach(client => client.Dispose());
            Settle();
            var before = ProcessTree.Read(arguments.Processes);
            AskAll(clients);
            Settle();
            var after = ProcessTree.Read(arguments.Processes);
            figures["rss_kib_per_connection"] = (after.RssKib - before.RssKib) / (double)count;
            figures["rss_mib"] = after.RssKib / 1024.0;
            AskAll(clients);
            return new LoadOutcome(figures, null);
        }
        catch (HttpRequestException failed)
        {
            return new LoadOutcome(figures, failed.Message);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private void Settle() => Native.Pause((int)(arguments.Number("settle", 3) * 1000));

    private static void AskAll(List<WebClient> clients) =>
        Parallel.ForEachAsync(
            clients, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (client, _) => await client.AskAsync())
            .GetAwaiter().GetResult();
}
