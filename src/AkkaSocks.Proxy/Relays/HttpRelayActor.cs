using Akka.Actor;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// The relay of an HTTP client that names a destination per request: its bytes are carried by whoever understands them
/// (<see cref="IHttpForwarding"/>).
/// </summary>
internal sealed class HttpRelayActor : PipedRelayActor
{
    private readonly HttpOrder _order;
    private readonly IHttpForwarding _forwarding;

    private HttpRelayActor(HttpOrder order, IHttpForwarding forwarding)
        : base(order.Dialing, order.Client, order.Received) =>
        (_order, _forwarding) = (order, forwarding);

    /// <summary>Props for the relay, on its lane.</summary>
    public static Props Props(HttpOrder order, IHttpForwarding forwarding) =>
        Akka.Actor.Props.CreateBy(new Producer(order, forwarding)).WithDispatcher(order.Dialing.Lane.DispatcherId);

    /// <inheritdoc/>
    protected override Func<Task> Begin()
    {
        var record = Record;
        var conversation = new HttpConversation
        {
            Session = record.Id.ToString(),
            From = record.Client,
            User = record.User,
            Client = Client.FarEnd,
            Proof = _order.Proof,
            HandshakeTimeout = Settings.Limits.HandshakeTimeout,
            Dial = DialAsync,
            Answered = _order.Answered,
            Note = outcome => record.Intercept = outcome,
        };
        return () => _forwarding.Converse(conversation);
    }

    /// <inheritdoc/>
    protected override void Pump()
    {
        Client.Pump();
        if (Client.IsOver)
            End(Client.IsBroken ? SessionEnd.ClientReset : IsCarriedOut ? SessionEnd.Completed : SessionEnd.DestinationReset);
    }

    private sealed class Producer(HttpOrder order, IHttpForwarding forwarding) : IIndirectActorProducer
    {
        public Type ActorType => typeof(HttpRelayActor);

        public ActorBase Produce() => new HttpRelayActor(order, forwarding);

        public void Release(ActorBase actor)
        {
        }
    }
}
