namespace AkkaSocks.Mitm.Tests.Harness;

/// <summary>Fails a test instead of hanging it: far beyond what anything here takes, so that a busy machine fails none.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Returns as soon as a condition holds.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var since = Environment.TickCount64; !condition(); await poll.WaitForNextTickAsync())
        {
            if (Environment.TickCount64 - since > Limit.TotalMilliseconds)
                throw new TimeoutException($"Waited {Limit.TotalSeconds} s for {what}.");
        }
    }

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task InTime(this Task task) => task.WaitAsync(Limit);

    public static Task<T> InTime<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit);

    public static Task InTime(this ValueTask task) => task.AsTask().WaitAsync(Limit);
}
