using System.Text;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.auth</c>.</summary>
/// <param name="machine">What <c>auto</c> is derived from.</param>
/// <param name="passwordProblem">Says what is wrong with a PHC string; null when nothing is.</param>
internal sealed class AuthReader(Machine machine, Func<string, string?> passwordProblem)
{
    // RFC 1929 §2: the length of UNAME is one octet.
    private const int MaxUserNameBytes = 255;
    private const int MostSessions = 1_000_000;
    private const string Hash = "the hash that `akkasocks hash-password` prints";

    /// <summary>Reads the section.</summary>
    /// <param name="auth">The section.</param>
    /// <param name="listeners">Refuses listeners that must not go without authentication.</param>
    public AuthSettings Read(ConfigSection auth, ListenerRules listeners)
    {
        var methods = auth.SomeOf<AcceptedMethod>("methods", "[password]");
        auth.Section("user-defaults", user => (MaxSessions(user), Commands(user)));
        var users = auth.Entries("users", "user-defaults", User);
        if (!auth.Value<bool>("allow-open-proxy", ScalarText.ReadFlag) && methods.Contains(AcceptedMethod.None))
            listeners.RefuseOpenProxies();
        var store = auth.Section("store", UserStoreReader.Read);
        if (methods.Contains(AcceptedMethod.Password) && users.IsEmpty && store.Kind == UserStoreKind.None)
            auth.Refuse("methods", $"nobody could log in; add a user, as in auth.users {{ alice {{ password = \"…\" }} }} with {Hash}");

        var verification = auth.Section("verification", section => (
            Parallelism: section.Value("parallelism", ScalarText.ReadCountOrAuto(1, 1024, machine.Processors)),
            Queue: section.Value("queue", ScalarText.ReadCount(1, 1_000_000))));
        var cache = auth.Section("credential-cache", section => (
            Ttl: section.Value("ttl", DurationText.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))),
            MaxEntries: section.Value("max-entries", ScalarText.ReadCount(1, 10_000_000))));
        return new AuthSettings
        {
            Methods = methods,
            Users = users,
            Store = store,
            VerificationParallelism = verification.Parallelism,
            VerificationQueue = verification.Queue,
            CredentialCacheTtl = cache.Ttl,
            CredentialCacheMaxEntries = cache.MaxEntries,
            Bans = auth.Section("bans", BanReader.Read),
            OnIsolation = auth.Value<IsolationPolicy>("on-isolation", ScalarText.ReadName),
        };
    }

    private UserSettings User(string name, ConfigSection user)
    {
        if (Encoding.UTF8.GetByteCount(name) is 0 or > MaxUserNameBytes)
            user.Refuse($"a user's name has from 1 to {MaxUserNameBytes} bytes");
        return new UserSettings(name, user.Secret<string>("password", ReadHash), MaxSessions(user), Commands(user));
    }

    private static int? MaxSessions(ConfigSection user) =>
        user.Value("max-sessions", ScalarText.ReadCountOrUnlimited(1, MostSessions));

    // All of them is what it says: those that come to be offered later included.
    private static CommandSet? Commands(ConfigSection user)
    {
        var named = user.SomeOf<CommandSet>("commands", "[connect]");
        return named.Distinct().Count() == CommandSets.Words.Length
            ? null
            : named.Aggregate((CommandSet)0, static (set, command) => set | command);
    }

    private string? ReadHash(string text, out string value)
    {
        value = text;
        return !text.StartsWith('$') ? $"{Hash}, never the password itself"
            : passwordProblem(text) is { } problem ? $"{Hash}: {problem}"
            : null;
    }
}
