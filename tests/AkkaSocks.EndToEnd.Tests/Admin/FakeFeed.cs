using Akka.Actor;
using AkkaSocks.Proxy.Feed;

namespace AkkaSocks.EndToEnd.Tests.Admin;

/// <summary>Is at <c>/user/feed</c>, at <c>/user/exchanges</c> and at <c>/user/log</c>, and passes on to readers what the test tells it.</summary>
internal sealed class FakeFeed : UntypedActor
{
    private readonly HashSet<IActorRef> _readers = [];

    /// <summary>Asks how many readers there are; the sender is told.</summary>
    internal sealed record CountReaders;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EventFeed.Listen or ExchangeFeed.Listen or LogFeed.Listen:
                _readers.Add(Context.Watch(Sender));
                break;
            case Terminated gone:
                _readers.Remove(gone.ActorRef);
                break;
            case CountReaders:
                Sender.Tell(_readers.Count);
                break;
            default:
                foreach (var reader in _readers)
                    reader.Tell(message);
                break;
        }
    }
}
