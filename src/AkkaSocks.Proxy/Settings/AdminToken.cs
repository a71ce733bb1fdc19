using System.Security.Cryptography;
using System.Text;

namespace AkkaSocks.Proxy.Settings;

/// <summary>The secret that opens the admin API. Only its hash is kept, so no dump of settings or memory gives it away.</summary>
/// <remarks>A plain hash is enough, unlike for a password: nobody can guess 256 random bits.</remarks>
internal sealed class AdminToken
{
    /// <summary>256 bits, written with the 6 bits a character that base64 has.</summary>
    public const int MinLength = 43;

    /// <summary>Far more than anybody needs, and a header that every server accepts.</summary>
    public const int MaxLength = 1024;

    private readonly byte[] _hash;

    /// <summary>Hashes the token.</summary>
    public AdminToken(string token) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether this is the token. Takes the same time for every wrong one of its length.</summary>
    public bool Matches(string presented) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), _hash);

    /// <summary>Nothing of it.</summary>
    public override string ToString() => "(secret)";
}
