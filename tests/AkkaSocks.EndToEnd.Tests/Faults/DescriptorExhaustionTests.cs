using System.Diagnostics;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Faults;

/// <summary>More clients than descriptors, with a session limit that does not protect.</summary>
[Collection(Alone.Name)]
public sealed class DescriptorExhaustionTests
{
    private const int Descriptors = 400, Reserved = 64, Clients = 500, Slack = 5;
    private const double AllowedCore = 0.25;
    private static readonly TimeSpan AcceptsAgainWithin = TimeSpan.FromSeconds(1);

    public static TheoryData<Engine> Transports => Engines.Transports;

    [NeedsToolTheory("prlimit")]
    [MemberData(nameof(Transports))]
    public Task Out_of_descriptors_it_neither_spins_nor_fails_and_recovers_at_once(Engine engine) =>
        Exhaust(engine, TimeSpan.FromSeconds(5));

    [LongTheory, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    [MemberData(nameof(Transports))]
    public Task Out_of_descriptors_for_half_a_minute(Engine engine) => Exhaust(engine, TimeSpan.FromSeconds(30));

    private static async Task Exhaust(Engine engine, TimeSpan held)
    {
        using var origin = Origin.Echo();
        using var proxy = await RunningProxy.StartUnderAsync(
            ["prlimit", $"--nofile={Descriptors}"],
            engine.ToHocon(),
            "akkasocks.limits { max-sessions = 100000, handshake-timeout = 5m }");
        await UseOnce(proxy, origin);
        await proxy.SessionsAsync(1);
        var atRest = proxy.Figures.Descriptors;
        using var early = await SocksClient.ConnectAsync(proxy.Endpoint);
        await early.GreetAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => SocksClient.ConnectAsync(proxy.Endpoint)));
        try
        {
            await Eventually.TrueAsync(
                () => proxy.Figures.Descriptors >= Descriptors - Reserved - Slack,
                () => $"descriptors to run out; there are {proxy.Figures.Descriptors}");
            await early.SendAsync(SocksClient.Connect(origin.Endpoint));
            await early.ExpectAsync([5, 1]);
            var (cpu, since) = (proxy.Figures.Cpu, Stopwatch.GetTimestamp());
            await Pace.HighestAsync(held, () => proxy.Figures.Descriptors);
            var core = (proxy.Figures.Cpu - cpu) / Stopwatch.GetElapsedTime(since);
            Assert.InRange(core, 0, AllowedCore);
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }

        var released = Stopwatch.GetTimestamp();
        await UseOnce(proxy, origin);
        Assert.InRange(Stopwatch.GetElapsedTime(released), TimeSpan.Zero, AcceptsAgainWithin);
        await Eventually.TrueAsync(
            () => Math.Abs(proxy.Figures.Descriptors - atRest) <= Slack,
            () => $"{atRest} descriptors; there are {proxy.Figures.Descriptors}");

        // It says why it pauses, and nothing else.
        var outcome = await proxy.StopAsync();
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches(
            @"\[WARNING\].* Listener main accepts nothing for \d+ ms: .* Raise the descriptor limit", line));
    }

    private static async Task UseOnce(RunningProxy proxy, Origin origin)
    {
        using var client = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint);
        await client.SendAsync([42]);
        await client.ExpectAsync([42]);
    }
}
