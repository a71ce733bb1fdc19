using System.Threading.Channels;
using Akka.Actor;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Server.Admin.Events;

/// <summary>Puts what the feed tells into the queue of one connection. The queue is bounded: of a slow reader the oldest go.</summary>
/// <param name="queue">Frames that wait to be sent.</param>
/// <param name="wake">Told that there are some.</param>
/// <param name="names">Names of events that are wanted.</param>
internal sealed class EventReader(EventRing<byte[]> queue, ChannelWriter<bool> wake, IReadOnlySet<string> names) : UntypedActor
{
    /// <summary>A reader.</summary>
    public static Props Props(EventRing<byte[]> queue, ChannelWriter<bool> wake, IReadOnlySet<string> names) =>
        Akka.Actor.Props.Create(() => new EventReader(queue, wake, names));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeEvents told:
                if (told.Lost > 0)
                    queue.Add(EventFrames.OfLost(told.Lost, told.Name));
                foreach (var happened in told.Events.Where(it => names.Contains(EventFrames.NameOf(it.Kind))))
                    queue.Add(EventFrames.Of(told.Name, happened));
                break;
            case NodeReport report when names.Contains(EventFrames.Figures):
                queue.Add(EventFrames.Of(report));
                break;
            default:
                return;
        }

        wake.TryWrite(true);
    }
}
