using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;

namespace AkkaSocks.Proxy.Auth;

/// <summary>Stands for one user name and password: equal exactly when both are.</summary>
internal readonly record struct CredentialKey(UInt128 High, UInt128 Low);

/// <summary>
/// Which credentials were verified a short while ago. SOCKS clients log in on every connection, and a verification takes 17 ms
/// of a core, so without this memory logging in would be the bottleneck.
/// </summary>
/// <remarks>
/// It holds neither passwords nor anything derived from them that is of use outside this process: a key is an HMAC-SHA256 under
/// a random key that never leaves it. Entries live for a fixed time from their verification; the oldest go first when it is
/// full. Any thread may call it; <see cref="Knows"/> takes no lock.
/// </remarks>
internal sealed class CredentialCache(TimeSpan timeToLive, int maxEntries, TimeProvider clock)
{
    // Length-prefixed, so that "ab"+"c" and "a"+"bc" differ: name length, name, password.
    private const int PrefixLength = sizeof(int);

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly ConcurrentDictionary<CredentialKey, Entry> _entries = new();
    private readonly Queue<(CredentialKey Key, Entry Entry)> _oldestFirst = new();

    private sealed class Entry(UserRecord user, long rememberedAt)
    {
        public UserRecord User => user;

        public long RememberedAt => rememberedAt;
    }

    /// <summary>Entries held, those whose time is over included.</summary>
    public int Count => _entries.Count;

    /// <summary>The key of these credentials.</summary>
    /// <param name="user">The name.</param>
    /// <param name="password">The password.</param>
    public CredentialKey KeyOf(UserName user, ReadOnlySpan<byte> password)
    {
        var name = user.Bytes;
        var length = PrefixLength + name.Length + password.Length;
        Span<byte> message = length <= 1024 ? stackalloc byte[1024] : new byte[length];
        message = message[..length];
        BinaryPrimitives.WriteInt32LittleEndian(message, name.Length);
        name.CopyTo(message[PrefixLength..]);
        password.CopyTo(message[(PrefixLength + name.Length)..]);

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, message, mac);
        CryptographicOperations.ZeroMemory(message);
        return new CredentialKey(BinaryPrimitives.ReadUInt128BigEndian(mac), BinaryPrimitives.ReadUInt128BigEndian(mac[16..]));
    }

    /// <summary>Whether these credentials were verified against this very record, not longer ago than the time to live.</summary>
    public bool Knows(in CredentialKey key, UserRecord user) =>
        _entries.TryGetValue(key, out var entry) && ReferenceEquals(entry.User, user)
        && clock.GetElapsedTime(entry.RememberedAt) < timeToLive;

    /// <summary>These credentials were verified just now against this record.</summary>
    public void Remember(in CredentialKey key, UserRecord user)
    {
        var entry = new Entry(user, clock.GetTimestamp());
        lock (_oldestFirst)
        {
            _entries[key] = entry;
            _oldestFirst.Enqueue((key, entry));
            while (_oldestFirst.TryPeek(out var oldest)
                && (_oldestFirst.Count > maxEntries || clock.GetElapsedTime(oldest.Entry.RememberedAt) >= timeToLive))
            {
                _oldestFirst.Dequeue();

                // Only if the key was not remembered anew since.
                _entries.TryRemove(KeyValuePair.Create(oldest.Key, oldest.Entry));
            }
        }
    }
}
