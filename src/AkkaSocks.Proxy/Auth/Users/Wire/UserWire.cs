using AkkaSocks.Protocol;
using Google.Protobuf;

namespace AkkaSocks.Proxy.Auth.Users.Wire;

/// <summary>
/// What nodes tell each other about users, as bytes: one manifest per message, the messages of <c>users.proto</c>. Equal records
/// are equal bytes, on every node. Bytes that are no such message throw; remoting logs that and drops them.
/// </summary>
internal static class UserWire
{
    /// <summary>The manifest of <see cref="UserStoreActor.UserChanged"/>.</summary>
    public const string Changed = "user-changed";

    /// <summary>The manifest of <see cref="UserStoreActor.UserDigests"/>.</summary>
    public const string Digests = "user-digests";

    /// <summary>The manifest of <see cref="UserStoreActor.BucketRequest"/>.</summary>
    public const string Request = "user-bucket-request";

    /// <summary>The manifest of <see cref="UserStoreActor.BucketPage"/>.</summary>
    public const string Page = "user-bucket-page";

    /// <summary>The bytes of a record.</summary>
    public static byte[] Pack(UserRecord user) => UserFrames.Of(user).ToByteArray();

    /// <summary>The bytes of a message that has a manifest.</summary>
    public static byte[] Write(IClusterMessage message) => message switch
    {
        UserStoreActor.UserChanged changed => new UserChangedFrame { User = UserFrames.Of(changed.User) }.ToByteArray(),
        UserStoreActor.UserDigests digests =>
            new UserDigestsFrame { Buckets = { digests.Buckets }, IsAnswer = digests.IsAnswer }.ToByteArray(),
        UserStoreActor.BucketRequest request => Frame(request).ToByteArray(),
        UserStoreActor.BucketPage page => Frame(page).ToByteArray(),
        _ => throw new ArgumentException($"{message.GetType().Name} says nothing about users.", nameof(message)),
    };

    /// <summary>The message of these bytes.</summary>
    /// <exception cref="InvalidProtocolBufferException">They are none.</exception>
    /// <exception cref="ArgumentException">The manifest is unknown, or a value in them cannot be.</exception>
    public static IClusterMessage Read(string manifest, byte[] bytes) => manifest switch
    {
        Changed => ReadChanged(UserChangedFrame.Parser.ParseFrom(bytes)),
        Digests => ReadDigests(UserDigestsFrame.Parser.ParseFrom(bytes)),
        Request => ReadRequest(BucketRequestFrame.Parser.ParseFrom(bytes)),
        Page => ReadPage(BucketPageFrame.Parser.ParseFrom(bytes)),
        _ => throw new ArgumentException($"No message about users is called {EscapedText.Of(manifest)}.", nameof(manifest)),
    };

    private static BucketRequestFrame Frame(UserStoreActor.BucketRequest request)
    {
        var frame = new BucketRequestFrame { Bucket = request.Bucket };
        if (request.After is { } after)
            frame.After = ByteString.CopyFrom(after.Bytes);
        return frame;
    }

    private static BucketPageFrame Frame(UserStoreActor.BucketPage page) =>
        new() { Bucket = page.Bucket, Users = { page.Users.Select(UserFrames.Of) }, IsLast = page.IsLast };

    private static UserStoreActor.UserChanged ReadChanged(UserChangedFrame frame) =>
        new(UserFrames.Record(frame.User ?? new UserFrame()));

    private static UserStoreActor.UserDigests ReadDigests(UserDigestsFrame frame) => frame.Buckets.Count == UserKey.Buckets
        ? new([.. frame.Buckets], frame.IsAnswer)
        : throw new ArgumentException($"Digests of {frame.Buckets.Count} buckets.", nameof(frame));

    private static UserStoreActor.BucketRequest ReadRequest(BucketRequestFrame frame) =>
        new(Bucket(frame.Bucket), frame.HasAfter ? new UserName(frame.After.Span) : null);

    private static UserStoreActor.BucketPage ReadPage(BucketPageFrame frame) =>
        new(Bucket(frame.Bucket), [.. frame.Users.Select(UserFrames.Record)], frame.IsLast);

    private static int Bucket(int bucket) => bucket is >= 0 and < UserKey.Buckets
        ? bucket
        : throw new ArgumentException($"No bucket has the number {bucket}.", nameof(bucket));
}
