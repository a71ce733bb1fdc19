namespace AkkaSocks.Server.Verbs;

/// <summary>What a password must be so that a client can send it.</summary>
internal static class ClearPassword
{
    /// <summary>RFC 1929 §2: PLEN is one octet.</summary>
    public const int MaxBytes = 255;

    /// <summary>What is wrong with a password; null when nothing is.</summary>
    public static string? Problem(ReadOnlySpan<byte> password) => password.Length is 0 or > MaxBytes
        ? $"a password has from 1 to {MaxBytes} bytes, as many as RFC 1929 can carry"
        : null;
}
