using System.Diagnostics;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Faults;

/// <summary>Clients that trickle their handshake are closed in time, and slow nobody down.</summary>
[Collection(Alone.Name)]
public sealed class SlowHandshakeTests
{
    private const int HealthyPerSecond = 50;
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
        var times = new List<TimeSpan>();
        await Pace.RunAsync(HealthyPerSecond, TimeSpan.FromSeconds(1), _ => Healthy(proxy, origin));

        // All at once, and the healthy ones all the while.
        var trickling = Enumerable.Range(0, slow).Select(_ => TrickleOne(proxy, every)).ToArray();
        await Pace.RunAsync(HealthyPerSecond, deadline, async _ =>
        {
            var took = await Healthy(proxy, origin);
            lock (times)
                times.Add(took);
        });

        Assert.All(
            await Task.WhenAll(trickling).InTime(),
            took => Assert.InRange(took, deadline - Tolerance, deadline + Tolerance));
        times.Sort();
        Assert.InRange(times[times.Count * 99 / 100], TimeSpan.Zero, HealthyWithin);
        var sessions = await proxy.SessionsAsync(slow);
        Assert.Equal(slow, sessions.Count(session => session.GetProperty("end").GetString() == "handshake-timed-out"));
        await proxy.StopWithoutComplaintAsync();
    }

    private static async Task<TimeSpan> Healthy(RunningProxy proxy, Origin origin)
    {
        var since = Stopwatch.GetTimestamp();
        using var client = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint);
        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>Sends a greeting that never comes to its end; how long it was let.</summary>
    private static async Task<TimeSpan> TrickleOne(RunningProxy proxy, TimeSpan every)
    {
        using var client = await SocksClient.ConnectAsync(proxy.Endpoint);
        var since = Stopwatch.GetTimestamp();
        var end = client.EndAsync();
        using var next = new PeriodicTimer(every);
        await client.SendAsync([5]);
        await client.SendAsync([255]);
        try
        {
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
