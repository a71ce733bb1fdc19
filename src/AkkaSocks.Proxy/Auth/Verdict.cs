using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Auth;

/// <summary>The registry's answer to <see cref="AuthRegistry.Authenticate"/>.</summary>
/// <param name="Refusal"><see cref="Refusal.None"/>: granted. Else <see cref="Refusal.BadCredentials"/>,
/// <see cref="Refusal.UserDisabled"/>, <see cref="Refusal.UserExpired"/>, <see cref="Refusal.AddressBanned"/>,
/// <see cref="Refusal.UserBanned"/> or <see cref="Refusal.VerificationBusy"/>.</param>
/// <param name="User">The name that was claimed; proven only when granted.</param>
/// <param name="Correlation">That of the question.</param>
/// <param name="Record">The user's record that the password was verified against; null when not granted.</param>
internal sealed record Verdict(Refusal Refusal, UserName User, long Correlation, UserRecord? Record);
