namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>The one user of a proxy that asks for a password.</summary>
internal static class User
{
    public const string Name = "alice";

    /// <summary>With characters that clients could split it at.</summary>
    public const string Password = "correct:horse@9";

    /// <summary>What <c>akkasocks hash-password</c> made of <see cref="Password"/>.</summary>
    private const string Hash =
        "$argon2id$v=19$m=19456,t=2,p=1$M8K1IFEPWocnrG1SBscXPA$t9jv8///RUNPPlKNPj5v2iIAQHbPJnD/L7MBNBGMT/M";

    /// <summary>The configuration that asks for it.</summary>
    public const string Hocon = $$"""akkasocks.auth { methods = [password], users { {{Name}} { password = "{{Hash}}" } } }""";
}
