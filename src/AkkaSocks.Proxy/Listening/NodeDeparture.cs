using AkkaSocks.Proxy.Limits;

namespace AkkaSocks.Proxy.Listening;

/// <summary>The end of a draining node: when its last session is over, or its time.</summary>
internal static class NodeDeparture
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Completes when the node has drained, with the cause.</summary>
    /// <param name="drain">Whether it drains.</param>
    /// <param name="gate">Who knows how many sessions are left.</param>
    /// <param name="longest">How long sessions may run on.</param>
    public static async Task<DrainCause> Of(NodeDrain drain, ConnectionGate gate, TimeSpan longest)
    {
        var cause = await drain.Begun.ConfigureAwait(false);
        var begun = TimeProvider.System.GetTimestamp();
        using var look = new PeriodicTimer(LookEvery);
        while (gate.Sessions > 0 && TimeProvider.System.GetElapsedTime(begun) < longest)
            await look.WaitForNextTickAsync().ConfigureAwait(false);
        return cause;
    }
}
