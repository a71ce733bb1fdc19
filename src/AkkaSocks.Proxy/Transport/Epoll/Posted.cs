using Akka.Dispatch;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>Something to do on a loop that is no actor's mailbox.</summary>
internal sealed class Posted(Action work) : IRunnable
{
    /// <inheritdoc/>
    public void Run() => work();

    /// <inheritdoc/>
    public void Execute() => work();
}
