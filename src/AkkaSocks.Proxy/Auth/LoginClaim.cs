using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth;

/// <summary>Somebody says to be a user: what a verification needs, and what must still hold when it is over.</summary>
/// <param name="User">The name claimed.</param>
/// <param name="Revision">Of the user when the claim was made, or <see cref="NoUser"/>.</param>
/// <param name="Password">What the password is compared with: of an unknown user, a decoy.</param>
/// <param name="Key">Of the credentials.</param>
internal sealed record LoginClaim(UserName User, long Revision, PasswordHash Password, CredentialKey Key)
{
    /// <summary>The revision of an unknown user; those of known ones start at 1.</summary>
    public const long NoUser = 0;
}
