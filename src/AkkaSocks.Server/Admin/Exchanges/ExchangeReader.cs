using System.Threading.Channels;
using Akka.Actor;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin.Events;

namespace AkkaSocks.Server.Admin.Exchanges;

/// <summary>Puts exchanges that end into the queue of one connection. The queue is bounded: of a slow reader the oldest go.</summary>
/// <param name="queue">Frames that wait to be sent.</param>
/// <param name="wake">Told that there are some.</param>
/// <param name="wanted">Which.</param>
internal sealed class ExchangeReader(EventRing<byte[]> queue, ChannelWriter<bool> wake, ExchangeFilterQuery wanted) : UntypedActor
{
    /// <summary>A reader.</summary>
    public static Props Props(EventRing<byte[]> queue, ChannelWriter<bool> wake, ExchangeFilterQuery wanted) =>
        Akka.Actor.Props.Create(() => new ExchangeReader(queue, wake, wanted));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is not NodeExchanges told || (wanted.Node is { } node && node != told.Name))
            return;
        if (told.Lost > 0)
            queue.Add(EventFrames.OfLost(told.Lost, told.Name));
        foreach (var exchange in told.Exchanges.Where(wanted.Filter.Passes))
            queue.Add(EventFrames.Of(exchange));
        wake.TryWrite(true);
    }
}
