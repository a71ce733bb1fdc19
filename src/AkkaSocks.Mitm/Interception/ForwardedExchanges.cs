using System.Net;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;

namespace AkkaSocks.Mitm.Interception;

/// <summary>
/// The requests of one client that names an authority with each of them (absolute-form, RFC 9112 §3.2.2): those in scope are looked into,
/// as in a tunnel to that authority. One connection may carry requests of both kinds.
/// </summary>
/// <param name="conversation">The client's requests.</param>
/// <param name="wiring">What holds now; asked with each request.</param>
internal sealed class ForwardedExchanges(HttpConversation conversation, Func<InterceptWiring> wiring) : IDisposable
{
    private readonly OriginConnections _origins = new(conversation, wiring().OriginTls);

    /// <summary>The session that a request to this destination happens in.</summary>
    /// <returns>Null where the destination is out of scope.</returns>
    public InterceptedSession? SessionOf(Destination destination)
    {
        var scope = wiring().Scope;
        if (!scope.MayInclude(destination, conversation.User) || !scope.Includes(destination, serverName: null))
            return null;
        conversation.Note(InterceptOutcome.Http);
        return new InterceptedSession(
            conversation.Session,
            conversation.From,
            conversation.User,
            destination,
            IsTls: false,
            _origins.Invoker,
            HttpVersion.Version11);
    }

    /// <inheritdoc/>
    public void Dispose() => _origins.Dispose();
}
