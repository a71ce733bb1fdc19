using System.Diagnostics;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Faults;

/// <summary>Downloads that nobody reads cost a bounded amount, and nobody else anything.</summary>
[Collection(Alone.Name)]
public sealed class StalledReaderTests
{
    private const int Stalled = 200, Attempts = 20;
    private const long AllowedBytes = Stalled * 192 * 1024;
    private const long DownloadBytes = 64 * 1024 * 1024;

    public static TheoryData<Engine> Engines => Harness.Engines.All;

    // Others go on: half of the throughput tells a proxy that serves them from one that is held up, on a machine that may be
    // busy.
    [Theory, MemberData(nameof(Engines))]
    public Task Downloads_that_nobody_reads_take_little_memory_and_stop_nobody(Engine engine) =>
        Stall(engine, TimeSpan.FromSeconds(10), throughputLeft: 0.5);

    [LongTheory, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    [MemberData(nameof(Engines))]
    public Task Downloads_that_nobody_reads_for_a_minute(Engine engine) =>
        Stall(engine, TimeSpan.FromSeconds(60), throughputLeft: 0.9);

    private static async Task Stall(Engine engine, TimeSpan duration, double throughputLeft)
    {
        using var origin = Origin.Endless();
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon());
        var alone = await BestDownload(proxy, origin);
        var resident = proxy.Figures.ResidentBytes;
        var clients = await Task.WhenAll(
            Enumerable.Range(0, Stalled).Select(_ => SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint)));
        try
        {
            var highest = await Pace.HighestAsync(duration, () => proxy.Figures.ResidentBytes);
            Assert.InRange(highest - resident, long.MinValue, AllowedBytes);
            Assert.InRange(await BestDownload(proxy, origin), alone * throughputLeft, double.MaxValue);
            Assert.Equal(Attempts * 2, proxy.Sessions().Count);
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }

        await proxy.SessionsAsync((Attempts * 2) + Stalled);
        await proxy.StopWithoutComplaintAsync();
    }

    /// <summary>Bytes a second; the best of a few, since the machine has other things to do.</summary>
    private static async Task<double> BestDownload(RunningProxy proxy, Origin origin)
    {
        var best = 0.0;
        var ended = proxy.Sessions().Count;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using (var client = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint))
            {
                var since = Stopwatch.GetTimestamp();
                await client.Socket.DiscardAsync(DownloadBytes).InTime();
                best = Math.Max(best, DownloadBytes / Stopwatch.GetElapsedTime(since).TotalSeconds);
            }

            await proxy.SessionsAsync(ended + attempt + 1);
        }

        return best;
    }
}
