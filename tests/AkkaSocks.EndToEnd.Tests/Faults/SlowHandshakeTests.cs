using System.Diagnostics;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Faults;

/// <summary>Clients that trickle their handshake are closed in time, and slow nobody down.</summary>
[Collection(Alone.Name)]
public sealed class SlowHandshakeTests
{
    private const int HealthyPerSecond = 100;
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1), HealthyWithin = TimeSpan.FromMilliseconds(100);

    public static TheoryData<Engine> Transports => Engines.Transports;

    [Theory, MemberData(nameof(Transports))]
    public Task Handshakes_that_trickle_are_closed_at_the_deadline_and_slow_nobody_down(Engine engine) =>
        Trickle(engine, slow: 500, every: TimeSpan.FromSeconds(1), deadline: TimeSpan.FromSeconds(3));

    [LongTheory, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    [MemberData(nameof(Transports))]
    public Task Two_thousand_of_them_with_the_deadline_that_ships(Engine engine) =>
        Trickle(engine, slow: 2000, every: TimeSpan.FromSeconds(3), deadline: TimeSpan.FromSeconds(10));

    private static async Task Trickle(Engine engine, int slow, TimeSpan every, TimeSpan deadline)
    {
        using var origin = Origin.Echo();
        using var proxy = await RunningProxy.StartAsync(
            engine.ToHocon(), $"akkasocks.limits.handshake-timeout = {deadline.TotalSeconds}s");
        using var calm = await RunningProxy.StartAsync(engine.ToHocon());
        List<TimeSpan> beside = [], elsewhere = [];
        await Pace.RunAsync(HealthyPerSecond, TimeSpan.FromSeconds(1), _ => BothAsync());
        beside.Clear();
        elsewhere.Clear();

        var clients = await Task.WhenAll(Enumerable.Range(0, slow).Select(async _ =>
            (Client: await SocksClient.ConnectAsync(proxy.Endpoint), Since: Stopwatch.GetTimestamp())));
        var trickling = clients.Select(it => TrickleOne(it.Client, it.Since, every)).ToArray();
        await Pace.RunAsync(HealthyPerSecond, deadline, _ => BothAsync());

        Assert.All(
            await Task.WhenAll(trickling).InTime(),
            took => Assert.InRange(took, deadline - Tolerance, deadline + Tolerance));

        // What a busy machine does to any proxy at that moment is no fault of this one.
        Assert.InRange(NinetyNinth(beside), TimeSpan.Zero, HealthyWithin + NinetyNinth(elsewhere));
        var sessions = await proxy.SessionsAsync(slow);
        Assert.Equal(slow, sessions.Count(session => session.GetProperty("end").GetString() == "handshake-timed-out"));
        await proxy.StopWithoutComplaintAsync();

        async Task BothAsync()
        {
            var times = await Task.WhenAll(Healthy(proxy, origin), Healthy(calm, origin));
            lock (beside)
            {
                beside.Add(times[0]);
                elsewhere.Add(times[1]);
            }
        }
    }

    private static async Task<TimeSpan> Healthy(RunningProxy proxy, Origin origin)
    {
        var since = Stopwatch.GetTimestamp();
        using var client = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint);
        return Stopwatch.GetElapsedTime(since);
    }

    private static TimeSpan NinetyNinth(List<TimeSpan> times)
    {
        times.Sort();
        return times[times.Count * 99 / 100];
    }

    /// <summary>Sends a greeting that never comes to its end; how long it was let.</summary>
    private static async Task<TimeSpan> TrickleOne(SocksClient client, long since, TimeSpan every)
    {
        using var _ = client;
        var end = client.EndAsync();
        using var next = new PeriodicTimer(every);
        try
        {
            await client.SendAsync([5]);
            await client.SendAsync([255]);
            while (await Task.WhenAny(end, next.WaitForNextTickAsync().AsTask()) != end)
                await client.SendAsync([1]);
        }
        catch (SocketException)
        {
            // Closed while it was sending.
        }

        await end;
        return Stopwatch.GetElapsedTime(since);
    }
}
