using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Epoll;

namespace AkkaSocks.Proxy.Listening;

/// <summary>What keeps a node from working well, in words for its operator. Any thread may ask, and nothing is waited for.</summary>
/// <param name="transport">For its event loops.</param>
/// <param name="gate">For the sessions there are, and how many there may be.</param>
/// <param name="listeners">How many listen.</param>
/// <param name="storeProblem">Why the user store cannot be reached; null when it can.</param>
internal sealed class NodeHealth(
    NetworkTransport transport, ConnectionGate gate, Func<int> listeners, Func<string?> storeProblem)
{
    // As long as an actor may take to answer.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(2);

    /// <summary>What a restart would mend.</summary>
    public IEnumerable<string> Failures
    {
        get
        {
            var stuck = transport is EpollTransport epoll ? epoll.Loops.Where(loop => loop.Counters.Current > LongestTurn) : [];
            return stuck.Select(loop => $"event loop {loop.Index} has not turned for {loop.Counters.Current.TotalSeconds:0} s");
        }
    }

    /// <summary>Why no clients should be sent here now.</summary>
    public IEnumerable<string> Obstacles
    {
        get
        {
            if (listeners() == 0)
                yield return "nothing listens";
            if (gate.Limits.MaxSessions is var most && gate.Places >= most)
                yield return $"limits.max-sessions is reached: {most}";
        }
    }

    /// <summary>
    /// What an operator should look at although clients are served. A store that is away is one: logins go on with what is known,
    /// and if it made nodes unready, a short absence of a store that all share would take all of them away from their clients.
    /// </summary>
    public IEnumerable<string> Warnings => storeProblem() is { } problem ? [$"the user store is away: {problem}"] : [];
}
