namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Reads <c>akkasocks.auth.store</c>.</summary>
internal static class UserStoreReader
{
    private const string Example = "Host=db.example;Database=akkasocks;Username=akkasocks;Password=…";

    /// <summary>Reads the section.</summary>
    public static UserStoreSettings Read(ConfigSection store)
    {
        var kind = store.Value<UserStoreKind>("kind", ScalarText.ReadName);
        return new UserStoreSettings
        {
            Kind = kind,
            Queue = store.Value("queue", ScalarText.ReadCount(1, 1_000_000)),
            PostgresConnection = store.Section("postgres", postgres =>
            {
                var connection = postgres.Secret<string>("connection", ScalarText.Read);
                if (kind == UserStoreKind.Postgres && connection.Length == 0)
                    postgres.Refuse($"connection is needed, such as \"{Example}\"");
                return connection;
            }),
        };
    }
}
