using System.Collections.Immutable;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Sessions.Handshakes;

/// <summary>Which method the server selects: by its own preference, never by the order the client offers.</summary>
internal static class MethodChoice
{
    /// <summary>Password before none, among what is accepted and offered.</summary>
    public static AuthMethod Of(Greeting greeting, ImmutableArray<AcceptedMethod> accepted)
    {
        if (accepted.Contains(AcceptedMethod.Password) && greeting.Offers(AuthMethod.Password))
            return AuthMethod.Password;
        return accepted.Contains(AcceptedMethod.None) && greeting.Offers(AuthMethod.None)
            ? AuthMethod.None
            : AuthMethod.NoneAcceptable;
    }
}
