using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AkkaSocks.Protocol;

/// <summary>
/// A client's user name and password (RFC 1929 §2), both opaque bytes. Whoever reads them disposes of them, which
/// overwrites the password.
/// </summary>
/// <remarks>
/// <code>
/// +-----+------+----------+------+----------+
/// | VER | ULEN |  UNAME   | PLEN |  PASSWD  |
/// |  1  |  1   | 0 to 255 |  1   | 0 to 255 |
/// +-----+------+----------+------+----------+
/// </code>
/// The RFC draws 1 to 255; an empty name or password is read too, so that the client is refused by an answer.
/// </remarks>
public sealed class Credentials : IDisposable
{
    /// <summary>Length in bytes of the message with the longest name and password.</summary>
    public const int MaxLength = 3 + byte.MaxValue + byte.MaxValue;

    private readonly byte[] _password;

    private Credentials(UserName userName, ReadOnlySpan<byte> password)
    {
        UserName = userName;
        _password = password.ToArray();
    }

    /// <summary>Reads the value of an Authorization field of the scheme Basic (RFC 7617): base64 of <c>user:password</c>.</summary>
    /// <param name="value">The value, as it stood on the wire.</param>
    /// <param name="credentials">Not null exactly when true; the name and password are opaque bytes, up to 255 each.</param>
    public static bool TryReadBasic(ReadOnlySpan<byte> value, [NotNullWhen(true)] out Credentials? credentials)
    {
        credentials = null;
        var scheme = "Basic "u8;
        if (value.Length <= scheme.Length || !Ascii.EqualsIgnoreCase(value[..scheme.Length], scheme))
            return false;

        Span<byte> text = stackalloc byte[MaxLength];
        var encoded = value[scheme.Length..].TrimStart((byte)' ');
        if (!encoded.ContainsAny(" \t"u8)
            && Base64.DecodeFromUtf8(encoded, text, out _, out var length) == OperationStatus.Done
            && text[..length].IndexOf((byte)':') is >= 0 and <= byte.MaxValue and var colon
            && length - colon - 1 <= byte.MaxValue)
        {
            credentials = new Credentials(new UserName(text[..colon]), text[(colon + 1)..length]);
        }

        CryptographicOperations.ZeroMemory(text);
        return credentials is not null;
    }

    /// <summary>Who the client says it is.</summary>
    public UserName UserName { get; }

    /// <summary>The password's bytes; zeros once disposed of.</summary>
    public ReadOnlySpan<byte> Password => _password;

    /// <summary>Overwrites the password.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_password);

    /// <summary>Reads credentials from the start of <paramref name="source"/>.</summary>
    /// <param name="source">All bytes received and not yet consumed; clearing them is the caller's.</param>
    /// <param name="credentials">Not null exactly when <see cref="DecodeStatus.Done"/>.</param>
    /// <param name="length">Bytes consumed.</param>
    /// <returns><see cref="DecodeStatus.Malformed"/> when VER is not 01: also a client that skips to its request.</returns>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> source, out Credentials? credentials, out int length)
    {
        credentials = null;
        length = 0;
        if (source.IsEmpty)
            return DecodeStatus.NeedMore;

        if (source[0] != SocksVersion.PasswordNegotiation)
        {
            length = 1;
            return DecodeStatus.Malformed;
        }

        if (!TryReadCounted(source, 1, out ReadOnlySpan<byte> user, out int next)
            || !TryReadCounted(source, next, out ReadOnlySpan<byte> password, out next))
            return DecodeStatus.NeedMore;

        credentials = new Credentials(new UserName(user), password);
        length = next;
        return DecodeStatus.Done;
    }

    private static bool TryReadCounted(ReadOnlySpan<byte> source, int start, out ReadOnlySpan<byte> field, out int next)
    {
        field = default;
        next = 0;
        if (source.Length <= start || source.Length <= start + source[start])
            return false;

        field = source.Slice(start + 1, source[start]);
        next = start + 1 + field.Length;
        return true;
    }
}
