using System.Net;
using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;

namespace AkkaSocks.Proxy.Tests.Auth;

/// <summary>Users with cheap hashes, and credentials as a client would send them.</summary>
internal static class TestLogin
{
    /// <summary>"s3cret" at m=256, t=2, by the Debian <c>argon2</c> command: see <c>PhcStringTests</c>.</summary>
    public const string CheapHashOfS3cret =
        "$argon2id$v=19$m=256,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$owQqJ4ztYqOes9YbT5SjgSc4HznqdC+9cGjClQ1aebw";

    public static readonly UserName Alice = UserName.FromText("alice");

    /// <summary>Where the credentials come from, unless it matters.</summary>
    public static readonly ClientNetwork Client = ClientNetwork.Of(IPAddress.Parse("192.0.2.1"));

    public static Credentials Of(string name, string password)
    {
        byte[] message =
        [
            1, (byte)Encoding.UTF8.GetByteCount(name), .. Encoding.UTF8.GetBytes(name),
            (byte)Encoding.UTF8.GetByteCount(password), .. Encoding.UTF8.GetBytes(password),
        ];
        Credentials.TryRead(message, out var credentials, out _);
        return credentials!;
    }

    public static Authenticator Authenticator(AuthSettings settings) =>
        new(settings, new UserDirectory(FixedUsers.Of(settings)), TimeProvider.System);

    public static AuthSettings Settings(
        string hash = CheapHashOfS3cret, int parallelism = 1, int queue = 64) => new()
    {
        Methods = [AcceptedMethod.Password],
        Users = [new UserSettings("alice", hash, null, null), new UserSettings("bob", hash, null, null)],
        Store = new UserStoreSettings { Kind = UserStoreKind.None, Queue = 64, PostgresConnection = "" },
        VerificationParallelism = parallelism,
        VerificationQueue = queue,
        CredentialCacheTtl = TimeSpan.FromSeconds(60),
        CredentialCacheMaxEntries = 100,
        Bans = TestSettings.Default.Auth.Bans,
        OnIsolation = IsolationPolicy.Local,
    };
}
