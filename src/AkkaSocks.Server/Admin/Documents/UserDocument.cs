using System.Collections.Immutable;
using System.Text;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>A user as the API shows it: all but the password.</summary>
/// <param name="Name">The name.</param>
/// <param name="Enabled">False: the user is kept and cannot log in.</param>
/// <param name="MaxSessions">Sessions at once in the whole cluster; null for no limit.</param>
/// <param name="Commands">Commands the user may use; null for all.</param>
/// <param name="ExpiresAt">From when on the user cannot log in; null for never.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Sessions">Sessions now, in the whole cluster.</param>
internal sealed record UserDocument(
    string Name,
    bool Enabled,
    int? MaxSessions,
    ImmutableArray<string>? Commands,
    DateTimeOffset? ExpiresAt,
    ImmutableArray<string> Groups,
    ImmutableSortedDictionary<string, string> Labels,
    int Sessions)
{
    /// <summary>The document of a record.</summary>
    public static UserDocument Of(UserRecord user, int sessions) => new(
        Encoding.UTF8.GetString(user.Name.Bytes),
        user.Enabled,
        user.MaxSessions,
        user.Commands is { } commands ? [.. CommandSets.WordsOf(commands)] : null,
        user.ExpiresAt,
        user.Groups,
        user.Labels,
        sessions);
}

/// <summary>Some users, in the order of their names.</summary>
/// <param name="Items">They.</param>
/// <param name="Next">What <c>after</c> must be for the next page; null when this is the last.</param>
/// <param name="Total">Users there are.</param>
internal sealed record UserPage(ImmutableArray<UserDocument> Items, string? Next, int Total);
