using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Users;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

/// <summary>Users whose password is s3cret, cheaply hashed.</summary>
internal static class TestUsers
{
    public static UserRecord Record(string name, long revision = 1, string writer = "a") => new()
    {
        Name = UserName.FromText(name), Password = TestLogin.CheapHashOfS3cret, Revision = revision, Writer = writer,
    };

    /// <summary>A directory with these users stored.</summary>
    public static UserDirectory Directory(params string[] names)
    {
        var users = new UserDirectory([]);
        users.Merge(names.Select(name => Record(name)));
        return users;
    }

    /// <summary>As many users as wanted, each with the password of its own that real ones have.</summary>
    public static IEnumerable<UserRecord> Many(int count) => Enumerable.Range(0, count).Select(i => new UserRecord
    {
        Name = UserName.FromText($"user-{i:D7}"),
        Password = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
            + Convert.ToBase64String(BitConverter.GetBytes(i))[..6] + "jztYqOes9YbT5SjgSc4HznqdC+9cGjClQ1aec",
        MaxSessions = 4,
        Revision = HybridClock.At(DateTimeOffset.UnixEpoch.AddYears(56)) + i,
        Writer = "a",
    });
}
