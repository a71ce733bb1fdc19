using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Auth.Bans;

/// <summary>Who is banned: an address, a user, or a user at an address. One of the two is always there.</summary>
/// <param name="User">The user; null for whoever comes from the address.</param>
/// <param name="Network">The address; null for wherever the user comes from.</param>
internal readonly record struct BanTarget(UserName? User, ClientNetwork? Network)
{
    /// <summary>What a client of this target is told: nothing but a failed login. This is for the log.</summary>
    public Refusal Refusal => User is null ? Refusal.AddressBanned : Refusal.UserBanned;

    /// <summary>Whoever comes from an address.</summary>
    public static BanTarget Of(ClientNetwork network) => new(null, network);

    /// <summary>A user, wherever it comes from.</summary>
    public static BanTarget Of(UserName user) => new(user, null);

    /// <summary>A user at an address.</summary>
    public static BanTarget Of(LoginOrigin origin) => new(origin.User, origin.Network);

    /// <summary>Whether a session is one of the target's.</summary>
    public bool Covers(LiveSession session) =>
        (User is not { } user || session.AdmittedAs?.Name == user)
        && (Network is not { } network || ClientNetwork.Of(session.Record.Client.Address) == network);
}
