using System.Security.Cryptography;
using System.Text;

namespace AkkaSocks.Protocol;

/// <summary>Stand-in until the codec branch is merged: UNAME of RFC 1929, opaque bytes.</summary>
public readonly struct UserName : IEquatable<UserName>
{
    private readonly byte[]? _bytes;

    /// <summary>Copies the bytes.</summary>
    public UserName(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    /// <summary>The UTF-8 bytes of a text.</summary>
    public static UserName FromText(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public bool Equals(UserName other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UserName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Escaped.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var b in Bytes)
            text.Append(b is > 0x20 and < 0x7f and not (byte)'\\' ? ((char)b).ToString() : $"\\x{b:x2}");
        return text.ToString();
    }
}

/// <summary>Stand-in.</summary>
public enum DecodeStatus
{
    /// <summary>Done.</summary>
    Done,
}

/// <summary>Stand-in until the codec branch is merged: UNAME and PASSWD of RFC 1929.</summary>
public sealed class Credentials : IDisposable
{
    private readonly byte[] _password;

    private Credentials(UserName userName, ReadOnlySpan<byte> password) => (UserName, _password) = (userName, password.ToArray());

    /// <summary>Reads a whole message.</summary>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> source, out Credentials? credentials, out int length)
    {
        var name = source.Slice(2, source[1]);
        var password = source.Slice(3 + name.Length, source[2 + name.Length]);
        credentials = new Credentials(new UserName(name), password);
        length = 3 + name.Length + password.Length;
        return DecodeStatus.Done;
    }

    /// <summary>UNAME.</summary>
    public UserName UserName { get; }

    /// <summary>PASSWD; zeros after <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Password => _password;

    /// <summary>Clears the password.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_password);
}
