using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Sessions;

/// <summary>
/// What speaks against a request before anything is done for it, in the order in which it counts. Sessions ask here, and so does whoever
/// explains a decision: there is no second opinion.
/// </summary>
internal static class RequestChecks
{
    /// <summary>Why nothing is carried for whoever asks.</summary>
    /// <param name="drain">The node's.</param>
    /// <param name="guard">Who is banned.</param>
    /// <param name="user">Who has logged in; null without authentication.</param>
    /// <param name="client">Where from.</param>
    /// <param name="admission">What became of the question for a place; <see cref="Refusal.None"/> without a limit.</param>
    /// <param name="command">What is asked for.</param>
    public static Refusal Objection(
        NodeDrain drain, LoginGuard guard, UserRecord? user, ClientNetwork client, Refusal admission, Command command) =>
        drain.IsClosed ? Refusal.NodeStopping
        : guard.Objection(user?.Name, client) is not Refusal.None and var ban ? ban
        : admission != Refusal.None ? admission
        : user?.Commands.Allows(command) == false ? Refusal.CommandNotAllowed
        : Refusal.None;

    /// <summary>Why the request itself cannot be carried out, whoever asks.</summary>
    /// <param name="settings">What this node offers.</param>
    /// <param name="command">What is asked for.</param>
    /// <param name="destination">Where to.</param>
    public static Refusal Obstacle(ProxySettings settings, Command command, Destination destination) => command switch
    {
        Command.Connect => destination.Port == 0 ? Refusal.BadDestinationPort : Refusal.None,
        Command.UdpAssociate when settings.Udp.Enabled => Refusal.None,
        Command.Bind when settings.Bind.Enabled => Refusal.None,
        Command.Resolve or Command.ResolvePtr when settings.Resolve.Enabled => Refusal.None,
        _ => Refusal.CommandNotSupported,
    };
}
