using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>
/// Where a name stands in every node's directory: its bucket, and its place in there. All nodes must agree, so the hash is
/// part of what crosses the wire: FNV-1a over the bytes, then the finalizer of MurmurHash3, since FNV alone mixes the upper
/// bits badly. Hashes that were made to collide cost a comparison each: places are searched for, not probed.
/// </summary>
internal static class UserKey
{
    /// <summary>Buckets of a directory.</summary>
    public const int Buckets = 256;

    private const int BucketShift = 64 - 8;

    /// <summary>The hash of a name.</summary>
    public static ulong Of(UserName name)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var octet in name.Bytes)
            hash = (hash ^ octet) * 0x100000001B3;
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }

    /// <summary>The bucket of a hash.</summary>
    public static int BucketOf(ulong key) => (int)(key >> BucketShift);
}
