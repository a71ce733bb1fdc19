using System.Text;

namespace AkkaSocks.Protocol;

/// <summary>
/// UNAME (RFC 1929 §2): up to 255 opaque bytes. The RFC names no encoding, so two names are equal when their bytes are.
/// </summary>
public readonly struct UserName : IEquatable<UserName>
{
    /// <summary>Bytes that ULEN can announce.</summary>
    public const int MaxLength = byte.MaxValue;

    // Throws on a lone surrogate: replacing it would make two different texts one user.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[]? _bytes;

    /// <summary>A name of these bytes, copied.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxLength"/> bytes: no client could send it.</exception>
    public UserName(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
            throw new ArgumentException($"A user name of {bytes.Length} bytes; at most {MaxLength} can be sent.", nameof(bytes));

        _bytes = bytes.ToArray();
    }

    /// <summary>The name that a client sends for this text: its UTF-8 bytes.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxLength"/> bytes, or not valid Unicode.</exception>
    public static UserName FromText(string text) => new(StrictUtf8.GetBytes(text));

    /// <summary>The bytes as they stood on the wire.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public bool Equals(UserName other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UserName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>The name made safe for logs by <see cref="EscapedText"/>: never the raw bytes.</summary>
    public override string ToString() => EscapedText.Of(Bytes);

    /// <summary>Byte-wise equality.</summary>
    public static bool operator ==(UserName left, UserName right) => left.Equals(right);

    /// <summary>Byte-wise inequality.</summary>
    public static bool operator !=(UserName left, UserName right) => !left.Equals(right);
}
