namespace AkkaSocks.Mitm.Tests.Harness;

/// <summary>Fails a test instead of hanging it: far beyond what anything here takes, so that a busy machine fails none.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task InTime(this Task task) => task.WaitAsync(Limit);

    public static Task<T> InTime<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit);

    public static Task InTime(this ValueTask task) => task.AsTask().WaitAsync(Limit);
}
