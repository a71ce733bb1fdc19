using System.Diagnostics;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>Load that is defined by time: so many a second, for so long.</summary>
internal static class Pace
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>Starts <paramref name="perSecond"/> works a second and waits for all; one that fails fails the test.</summary>
    public static Task<int> RunAsync(int perSecond, TimeSpan duration, Func<int, Task> work)
    {
        var since = Stopwatch.GetTimestamp();
        return RunAsync(perSecond, work, () => Stopwatch.GetElapsedTime(since) >= duration);
    }

    /// <summary>The same until it is cancelled.</summary>
    public static Task<int> RunAsync(int perSecond, Func<int, Task> work, CancellationToken over) =>
        RunAsync(perSecond, work, () => over.IsCancellationRequested);

    /// <summary>Looks at something all through <paramref name="duration"/> and gives the highest value.</summary>
    public static async Task<long> HighestAsync(TimeSpan duration, Func<long> value)
    {
        var highest = long.MinValue;
        await RunAsync(10, duration, _ =>
        {
            highest = Math.Max(highest, value());
            return Task.CompletedTask;
        });
        return highest;
    }

    private static async Task<int> RunAsync(int perSecond, Func<int, Task> work, Func<bool> isOver)
    {
        var since = Stopwatch.GetTimestamp();
        var started = new List<Task>();
        using var tick = new PeriodicTimer(Tick);
        while (await tick.WaitForNextTickAsync() && !isOver())
        {
            var elapsed = Stopwatch.GetElapsedTime(since);
            while (started.Count < elapsed.TotalSeconds * perSecond)
                started.Add(work(started.Count));
        }

        await Task.WhenAll(started).InTime();
        return started.Count;
    }
}
