using System.Diagnostics;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>Waiting for a condition instead of for a time.</summary>
internal static class Eventually
{
    // Far beyond what anything here takes, so that a busy machine fails no test and a hanging process does.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns as soon as <paramref name="condition"/> holds, with the time that took; fails the test
    /// when it never does.</summary>
    /// <param name="condition">What must come true.</param>
    /// <param name="what">For the failure: what was waited for.</param>
    /// <param name="every">How often to look, where looking costs something.</param>
    /// <param name="patience">For how long, where more than a minute is in order.</param>
    public static async Task<TimeSpan> TrueAsync(
        Func<bool> condition, Func<string> what, TimeSpan? every = null, TimeSpan? patience = null)
    {
        var since = Stopwatch.GetTimestamp();
        using var poll = new PeriodicTimer(every ?? Poll);
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(since) > (patience ?? Patience))
                throw new TimeoutException($"Waited {(patience ?? Patience).TotalSeconds} s for {what()}.");
            await poll.WaitForNextTickAsync();
        }

        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>The same for a condition that others must be asked for.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(Poll);
        while (!await condition())
        {
            if (waited.Elapsed > Patience)
                throw new TimeoutException($"Waited {Patience.TotalSeconds} s for {what}.");
            await poll.WaitForNextTickAsync();
        }
    }

    /// <summary>Fails the test instead of hanging it.</summary>
    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Patience);

    /// <summary>Fails the test instead of hanging it.</summary>
    public static Task InTime(this Task task) => task.WaitAsync(Patience);

    /// <summary>Fails the test instead of hanging it.</summary>
    public static Task<T> InTime<T>(this ValueTask<T> task) => task.AsTask().InTime();
}
