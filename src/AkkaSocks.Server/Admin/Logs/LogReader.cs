using System.Threading.Channels;
using Akka.Actor;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin.Events;

namespace AkkaSocks.Server.Admin.Logs;

/// <summary>Puts lines of process logs into the queue of one connection. The queue is bounded: of a slow reader the oldest go.</summary>
/// <param name="queue">Frames that wait to be sent.</param>
/// <param name="wake">Told that there are some.</param>
/// <param name="wanted">Which.</param>
internal sealed class LogReader(EventRing<byte[]> queue, ChannelWriter<bool> wake, LogQuery wanted) : UntypedActor
{
    /// <summary>A reader.</summary>
    public static Props Props(EventRing<byte[]> queue, ChannelWriter<bool> wake, LogQuery wanted) =>
        Akka.Actor.Props.Create(() => new LogReader(queue, wake, wanted));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is not NodeLog told || (wanted.Node is { } node && node != told.Name))
            return;
        if (told.Lost > 0)
            queue.Add(EventFrames.OfLost(told.Lost, told.Name));
        foreach (var line in told.Lines.Where(line => line.Level >= wanted.Level))
            queue.Add(EventFrames.Of(told.Name, line));
        wake.TryWrite(true);
    }
}
