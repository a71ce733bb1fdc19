using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;

namespace AkkaSocks.Proxy.Auth;

/// <summary>Somebody says to be a user: what a verification needs, and what must still hold when it is over.</summary>
/// <param name="User">The name claimed.</param>
/// <param name="Record">The user of that name when the claim was made; null when there was none.</param>
/// <param name="Password">What the password is compared with: of an unknown user, a decoy.</param>
/// <param name="Key">Of the credentials.</param>
internal sealed record LoginClaim(UserName User, UserRecord? Record, PasswordHash Password, CredentialKey Key);
