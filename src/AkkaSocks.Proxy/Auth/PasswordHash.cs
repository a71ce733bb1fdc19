using System.Security.Cryptography;

namespace AkkaSocks.Proxy.Auth;

/// <summary>Stand-in: the shape of a PHC string, not its strength.</summary>
internal static class PasswordHash
{
    private const string Prefix = "$argon2id$v=19$m=19456,t=2,p=1$";

    /// <summary>A PHC string for a password.</summary>
    public static string Create(ReadOnlySpan<byte> password) =>
        Prefix + Unpadded(RandomNumberGenerator.GetBytes(16)) + "$" + Unpadded(SHA256.HashData(password));

    /// <summary>What is wrong with a PHC string; null when nothing is.</summary>
    public static string? Problem(string phc) =>
        phc.StartsWith("$argon2id$v=19$", StringComparison.Ordinal) && phc.Split('$').Length == 6
            ? null
            : "expected a PHC string as `akkasocks hash-password` prints it";

    private static string Unpadded(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
