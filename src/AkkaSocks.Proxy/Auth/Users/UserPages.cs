using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth.Users.Wire;

namespace AkkaSocks.Proxy.Auth.Users;

/// <summary>Cuts a bucket into pages of which each is one message between nodes.</summary>
internal static class UserPages
{
    private const int MaxUsers = 64;

    // A quarter of what remoting carries; a record more may come on top.
    private const int MaxBytes = (32 * 1024) - UserLimits.MaxRecordBytes;

    /// <summary>The page that was asked for: never empty but at the end.</summary>
    public static UserStoreActor.BucketPage Of(UserDirectory users, UserStoreActor.BucketRequest request)
    {
        var page = ImmutableArray.CreateBuilder<UserRecord>();
        var left = users.Bucket(request.Bucket).After(request.After);
        var bytes = 0;
        while (page.Count < left.Count && page.Count < MaxUsers && bytes < MaxBytes)
        {
            page.Add(left[page.Count].Record);
            bytes += UserWire.Pack(page[^1]).Length;
        }

        return new UserStoreActor.BucketPage(request.Bucket, page.ToImmutable(), IsLast: page.Count == left.Count);
    }
}
