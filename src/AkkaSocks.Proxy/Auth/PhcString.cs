using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AkkaSocks.Proxy.Auth;

/// <summary>
/// The text form of a password hash, as the Password Hashing Competition defined it. Base64 is without padding, numbers are
/// decimal without leading zeros, and the parameters stand in this order:
/// </summary>
/// <remarks>
/// <code>
/// $argon2id$v=19$m=19456,t=2,p=1$&lt;salt&gt;$&lt;hash&gt;
/// $pbkdf2-sha256$i=600000$&lt;salt&gt;$&lt;hash&gt;
/// </code>
/// </remarks>
internal static class PhcString
{
    // Bounds against a typo or a hostile import: one verification must neither last for seconds nor take the node's memory.
    private const int MaxMemoryKiB = 256 * 1024;
    private const int MinMemoryKiB = 8;
    private const int MaxPasses = 10;
    private const int MinRounds = 1_000;
    private const int MaxRounds = 10_000_000;
    private const int MinHashLength = 16;
    private const int MinSaltLength = 8;
    private const int MaxSaltLength = 64;

    /// <inheritdoc cref="PasswordHash.TryParse"/>
    public static bool TryRead(
        string text, [NotNullWhen(true)] out PasswordHash? hash, [NotNullWhen(false)] out string? reason)
    {
        hash = null;
        var parts = text.Split('$');
        if (parts is not ["", var algorithm, ..])
            return Fail("it is not a PHC string, which starts with '$'; 'akkasocks hash-password' makes one", out reason);

        PasswordCost cost;
        switch (algorithm)
        {
            case "argon2id":
                if (!TryReadArgon2id(parts, out cost, out reason))
                    return false;
                break;
            case "pbkdf2-sha256":
                if (!TryReadPbkdf2(parts, out cost, out reason))
                    return false;
                break;
            default:
                return Fail("its algorithm is neither argon2id nor pbkdf2-sha256", out reason);
        }

        if (!TryReadBase64(parts[^2], out var salt))
            return Fail("its salt is not base64 without padding", out reason);
        if (!TryReadBase64(parts[^1], out var bytes))
            return Fail("its hash is not base64 without padding", out reason);
        if (cost.Algorithm == PasswordAlgorithm.Argon2id && salt.Length != PasswordHash.SaltLength)
            return Fail($"its salt has {salt.Length} bytes; for argon2id {PasswordHash.SaltLength} are supported", out reason);
        if (salt.Length is < MinSaltLength or > MaxSaltLength)
            return Fail($"its salt has {salt.Length} bytes, not {MinSaltLength} to {MaxSaltLength}", out reason);
        if (bytes.Length is < MinHashLength or > PasswordHash.MaxLength)
            return Fail($"its hash has {bytes.Length} bytes, not {MinHashLength} to {PasswordHash.MaxLength}", out reason);

        hash = new PasswordHash(cost, salt, bytes);
        reason = null;
        return true;
    }

    /// <summary>The PHC string of a hash.</summary>
    public static string Write(PasswordHash hash)
    {
        var parameters = hash.Cost.Algorithm == PasswordAlgorithm.Argon2id
            ? string.Create(CultureInfo.InvariantCulture, $"argon2id$v=19$m={hash.Cost.MemoryKiB},t={hash.Cost.Iterations},p=1")
            : string.Create(CultureInfo.InvariantCulture, $"pbkdf2-sha256$i={hash.Cost.Iterations}");
        return $"${parameters}${Base64(hash.Salt)}${Base64(hash.Hash)}";
    }

    private static bool TryReadArgon2id(string[] parts, out PasswordCost cost, [NotNullWhen(false)] out string? reason)
    {
        cost = default;
        if (parts.Length != 6)
            return Fail("argon2id is written $argon2id$v=19$m=…,t=…,p=1$<salt>$<hash>", out reason);
        if (parts[2] != "v=19")
            return Fail("only version 1.3 of argon2id (v=19) is supported", out reason);

        if (parts[3].Split(',') is not [var m, var t, var p] || !TryReadNumber(m, "m=", out var memory)
            || !TryReadNumber(t, "t=", out var passes) || !TryReadNumber(p, "p=", out var lanes))
            return Fail("its parameters are not of the form m=…,t=…,p=…", out reason);
        if (memory is < MinMemoryKiB or > MaxMemoryKiB)
            return Fail($"its m (KiB of memory) is not in {MinMemoryKiB} to {MaxMemoryKiB}", out reason);
        if (passes is < 1 or > MaxPasses)
            return Fail($"its t (passes) is not in 1 to {MaxPasses}", out reason);
        if (lanes != 1)
            return Fail("its p (lanes) is not 1: libsodium, which verifies it, knows no other", out reason);

        cost = new PasswordCost(PasswordAlgorithm.Argon2id, memory, passes);
        reason = null;
        return true;
    }

    private static bool TryReadPbkdf2(string[] parts, out PasswordCost cost, [NotNullWhen(false)] out string? reason)
    {
        cost = default;
        if (parts.Length != 5 || !TryReadNumber(parts[2], "i=", out var rounds))
            return Fail("pbkdf2-sha256 is written $pbkdf2-sha256$i=…$<salt>$<hash>", out reason);
        if (rounds is < MinRounds or > MaxRounds)
            return Fail($"its i (rounds) is not in {MinRounds} to {MaxRounds}", out reason);

        cost = new PasswordCost(PasswordAlgorithm.Pbkdf2Sha256, MemoryKiB: 0, rounds);
        reason = null;
        return true;
    }

    private static bool TryReadNumber(string text, string name, out int number)
    {
        number = 0;
        return text.StartsWith(name, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && (text[name.Length] != '0' || text.Length == name.Length + 1);
    }

    // Writing it again must give the same text: the decoder itself lets spaces, padding and stray low bits pass.
    private static bool TryReadBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var padding = new string('=', (4 - (text.Length % 4)) % 4);
        if (!Convert.TryFromBase64String(text + padding, bytes, out var length))
            return false;

        Array.Resize(ref bytes, length);
        return Base64(bytes) == text;
    }

    private static string Base64(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool Fail(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
