using Akka.Event;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Listening;

/// <summary>
/// The way of a draining node to its end: not ready any more, it waits for those who send it clients to notice; closes its listeners; and
/// has then drained when its last session is over, or its time. Each step is a line in the process log.
/// </summary>
/// <param name="drain">Whether it drains.</param>
/// <param name="gate">Who knows how many sessions are left.</param>
/// <param name="settings">How long each step may take.</param>
/// <param name="close">Closes the listeners.</param>
/// <param name="log">The process log.</param>
internal sealed class NodeDeparture(NodeDrain drain, ConnectionGate gate, ClusterSettings settings, Action close, ILoggingAdapter log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    /// <summary>Completes when the node has drained, with the cause.</summary>
    public async Task<DrainCause> CompletesAsync()
    {
        var cause = await drain.Begun.ConfigureAwait(false);

        // Whoever stops the node has closed it before: there is nothing to wait for.
        var isStop = drain.IsClosed && cause == DrainCause.Stopping;
        var untilClosed = drain.IsClosed ? TimeSpan.Zero : settings.PreStopDelay;
        drain.EndIn(untilClosed + settings.DrainTimeout);
        if (!isStop)
        {
            log.Info(
                "This node drains ({0}): it takes new sessions for {1} s, and those it has may run on for {2} s; there are {3}.",
                KebabCase.Of($"{cause}"),
                untilClosed.TotalSeconds,
                (untilClosed + settings.DrainTimeout).TotalSeconds,
                gate.Sessions);
        }

        await Task.WhenAny(Task.Delay(untilClosed), drain.Closed).ConfigureAwait(false);
        drain.Close();
        close();
        await LastSessionAsync().ConfigureAwait(false);
        if (!isStop)
            log.Info("This node has drained: {0} sessions are left.", gate.Sessions);
        return cause;
    }

    private async Task LastSessionAsync()
    {
        var told = TimeProvider.System.GetTimestamp();
        using var look = new PeriodicTimer(LookEvery);
        while (gate.Sessions > 0 && drain.Left > TimeSpan.Zero)
        {
            if (TimeProvider.System.GetElapsedTime(told) >= TellEvery)
            {
                told = TimeProvider.System.GetTimestamp();
                log.Info("This node drains: {0} sessions are left, for {1:0} s at most.", gate.Sessions, drain.Left?.TotalSeconds);
            }

            await look.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }
}
