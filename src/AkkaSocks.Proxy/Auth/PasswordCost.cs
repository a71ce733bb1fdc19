using System.Security.Cryptography;
using NSec.Cryptography;

namespace AkkaSocks.Proxy.Auth;

/// <summary>How a password becomes its hash.</summary>
internal enum PasswordAlgorithm
{
    /// <summary>Argon2id version 1.3, one lane (RFC 9106).</summary>
    Argon2id,

    /// <summary>PBKDF2 with HMAC-SHA256 (RFC 8018 §5.2).</summary>
    Pbkdf2Sha256,
}

/// <summary>What one verification costs: equal costs take equal time, whatever the password.</summary>
/// <param name="Algorithm">The function.</param>
/// <param name="MemoryKiB">Memory it fills, in KiB; 0 for PBKDF2.</param>
/// <param name="Iterations">Passes over that memory, or rounds of PBKDF2.</param>
internal readonly record struct PasswordCost(PasswordAlgorithm Algorithm, int MemoryKiB, int Iterations)
{
    /// <summary>For new hashes: OWASP's recommendation for Argon2id, about 17 ms of one core and 19 MiB.</summary>
    public static readonly PasswordCost ForNewHashes = new(PasswordAlgorithm.Argon2id, MemoryKiB: 19456, Iterations: 2);

    /// <summary>Fills <paramref name="hash"/> from password and salt. Blocks for the time it costs.</summary>
    /// <exception cref="CryptographicException">The memory it needs could not be had.</exception>
    public void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> hash)
    {
        if (Algorithm == PasswordAlgorithm.Pbkdf2Sha256)
        {
            Rfc2898DeriveBytes.Pbkdf2(password, salt, hash, Iterations, HashAlgorithmName.SHA256);
            return;
        }

        var parameters = new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = MemoryKiB, NumberOfPasses = Iterations };
        new Argon2id(parameters).DeriveBytes(password, salt, hash);
    }
}
