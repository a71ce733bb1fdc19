using System.Diagnostics;
using AkkaSocks.Benchmarks.Proxies.Load;

namespace AkkaSocks.Benchmarks.Intercept;

/// <summary>Requests per second on connections that stay, each with so many streams that ask one request after the other, and what a
/// request costs the proxy. Keys: connections, streams, seconds, warm (seconds).</summary>
internal sealed class WebLoad(LoadArguments arguments)
{
    private long _done;

    public LoadOutcome Run()
    {
        var figures = new Dictionary<string, double>();
        var clients = Enumerable.Range(0, arguments.Count("connections", 8)).Select(_ => new WebClient(arguments.Route)).ToList();
        try
        {
            Phase(clients, arguments.Number("warm", 2));
            var meter = new CpuMeter(arguments.Processes);
            Phase(clients, arguments.Number("seconds", 4));
            figures["requests_per_second"] = _done / meter.Seconds;
            meter.Report(figures, "us", 1e6, Math.Max(1, _done));
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

    private void Phase(List<WebClient> clients, double seconds)
    {
        _done = 0;
        var until = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var streams = from client in clients from _ in Enumerable.Range(0, arguments.Count("streams", 8)) select AskAsync(client);
        Task.WhenAll(streams.ToList()).GetAwaiter().GetResult();

        async Task AskAsync(WebClient client)
        {
            while (Stopwatch.GetTimestamp() < until)
            {
                await client.AskAsync().ConfigureAwait(false);
                Interlocked.Increment(ref _done);
            }
        }
    }
}
