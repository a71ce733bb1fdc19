using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// A stored password: salt, hash and what it cost to make. Written as a PHC string
/// (<see cref="PhcString"/>); the password itself is kept nowhere.
/// </summary>
internal sealed class PasswordHash
{
    /// <summary>Salt of a new hash, and the only length libsodium's Argon2id takes, in bytes.</summary>
    public const int SaltLength = 16;

    /// <summary>The longest hash accepted, in bytes.</summary>
    public const int MaxLength = 64;

    private const int NewLength = 32;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    /// <summary>Takes both arrays over.</summary>
    public PasswordHash(PasswordCost cost, byte[] salt, byte[] hash)
    {
        Cost = cost;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>What a verification costs.</summary>
    public PasswordCost Cost { get; }

    /// <summary>The salt.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    /// <summary>The hash.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>The PHC string of a new hash of this password with a random salt. Blocks for some 17 ms.</summary>
    public static string Create(ReadOnlySpan<byte> password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var hash = new byte[NewLength];
        PasswordCost.ForNewHashes.Derive(password, salt, hash);
        return PhcString.Write(new PasswordHash(PasswordCost.ForNewHashes, salt, hash));
    }

    /// <summary>Reads a PHC string.</summary>
    /// <param name="text">It may be a password by mistake, so no reason repeats any of it.</param>
    /// <param name="hash">Not null exactly on success.</param>
    /// <param name="reason">What was expected, for whoever wrote it; not null exactly on failure.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out PasswordHash? hash, [NotNullWhen(false)] out string? reason) =>
        PhcString.TryRead(text, out hash, out reason);

    /// <summary>A hash that costs this much to verify against and that no password matches.</summary>
    /// <remarks>Whoever names an unknown user is verified against it, so that the time tells nothing.</remarks>
    public static PasswordHash Decoy(PasswordCost cost) =>
        new(cost, RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(NewLength));

    /// <summary>Whether this is the password. Blocks for the time it costs, the same for any password.</summary>
    /// <exception cref="CryptographicException">The memory it needs could not be had.</exception>
    public bool Matches(ReadOnlySpan<byte> password)
    {
        Span<byte> derived = stackalloc byte[MaxLength];
        derived = derived[.._hash.Length];
        Cost.Derive(password, _salt, derived);
        var matches = CryptographicOperations.FixedTimeEquals(derived, _hash);
        CryptographicOperations.ZeroMemory(derived);
        return matches;
    }
}
