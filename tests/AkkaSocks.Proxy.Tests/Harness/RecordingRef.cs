using Akka.Actor;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>An actor reference that is only an ear.</summary>
internal sealed class RecordingRef : MinimalActorRef
{
    /// <summary>Everything told, in order.</summary>
    public List<object> Told { get; } = [];

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "recording";

    public override IActorRefProvider Provider => throw new NotSupportedException("It belongs to no system.");

    protected override void TellInternal(object message, IActorRef sender)
    {
        lock (Told)
            Told.Add(message);
    }
}
