using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Faults;

/// <summary>Downloads that nobody reads cost a bounded amount, and nobody else anything.</summary>
[Collection(Alone.Name)]
public sealed class StalledReaderTests
{
    private const int Stalled = 200, Attempts = 8;
    private const double MostCpu = 2;
    private const long AllowedBytes = Stalled * 192 * 1024;
    private const long DownloadBytes = 64 * 1024 * 1024;

    public static TheoryData<Engine> Engines => Harness.Engines.All;

    // Others go on as before: at the same CPU per byte, which tells a proxy that is held up or busy with the stalled ones from a
    // machine that is busy with something else, as rates do not.
    [Theory, MemberData(nameof(Engines))]
    public Task Downloads_that_nobody_reads_take_little_memory_and_stop_nobody(Engine engine) => Stall(engine, TimeSpan.FromSeconds(5));

    [LongTheory, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    [MemberData(nameof(Engines))]
    public Task Downloads_that_nobody_reads_for_a_minute(Engine engine) => Stall(engine, TimeSpan.FromSeconds(60));

    private static async Task Stall(Engine engine, TimeSpan duration)
    {
        using var origin = Origin.Endless();
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon());
        var alone = await CpuOfDownloads(proxy, origin);
        var resident = proxy.Figures.ResidentBytes;
        var clients = await Task.WhenAll(
            Enumerable.Range(0, Stalled).Select(_ => SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint)));
        try
        {
            var highest = await Pace.HighestAsync(duration, () => proxy.Figures.ResidentBytes);
            Assert.InRange(highest - resident, long.MinValue, AllowedBytes);
            Assert.InRange(await CpuOfDownloads(proxy, origin) / alone, 0, MostCpu);
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

    /// <summary>CPU time that the proxy takes for some downloads.</summary>
    private static async Task<TimeSpan> CpuOfDownloads(RunningProxy proxy, Origin origin)
    {
        var ended = proxy.Sessions().Count;
        var before = proxy.Figures.Cpu;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using (var client = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint))
                await client.Socket.DiscardAsync(DownloadBytes).InTime();
            await proxy.SessionsAsync(ended + attempt + 1);
        }

        return proxy.Figures.Cpu - before;
    }
}
