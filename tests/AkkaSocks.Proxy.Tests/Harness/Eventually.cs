using System.Diagnostics;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>Waiting for a condition instead of for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Returns as soon as <paramref name="condition"/> holds; fails the test when it never does.</summary>
    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(condition, what, Patience);

    /// <summary>The same for what takes longer than tests usually wait.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            if (waited.Elapsed > patience)
                throw new TimeoutException($"Waited {patience.TotalSeconds} s for {what}.");
            await poll.WaitForNextTickAsync();
        }
    }

    /// <summary>Fails the test instead of hanging it.</summary>
    public static async Task<T> InTime<T>(this Task<T> task) => await task.WaitAsync(Patience);

    /// <summary>Fails the test instead of hanging it.</summary>
    public static async Task InTime(this Task task) => await task.WaitAsync(Patience);
}
