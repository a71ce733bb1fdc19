using System.Globalization;
using AkkaSocks.Protocol;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Verbs;

/// <summary>Users as a terminal shows them: names are escaped, as in logs.</summary>
internal static class UserText
{
    /// <summary>One user, a line for each field.</summary>
    public static string Of(UserDocument user) => TextTable.OfFields(
    [
        ["name", EscapedText.Of(user.Name)],
        ["enabled", YesOrNo(user.Enabled)],
        ["sessions", Number(user.Sessions)],
        ["max-sessions", Limit(user)],
        ["commands", user.Commands is { } commands ? string.Join(", ", commands) : "all"],
        ["expires-at", Expiry(user)],
        ["groups", string.Join(", ", user.Groups.Select(EscapedText.Of))],
        ["labels", string.Join(", ", user.Labels.Select(label => $"{EscapedText.Of(label.Key)}={EscapedText.Of(label.Value)}"))],
    ]);

    /// <summary>A line for each user.</summary>
    public static string Table(IEnumerable<UserDocument> users) => TextTable.Of(
    [
        ["NAME", "ENABLED", "SESSIONS", "LIMIT", "EXPIRES", "GROUPS"],
        .. users.Select(user => new[]
        {
            EscapedText.Of(user.Name), YesOrNo(user.Enabled), Number(user.Sessions), Limit(user), Expiry(user),
            string.Join(",", user.Groups.Select(EscapedText.Of)),
        }),
    ]);

    private static string YesOrNo(bool flag) => flag ? "yes" : "no";

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Limit(UserDocument user) => user.MaxSessions is { } limit ? Number(limit) : "none";

    private static string Expiry(UserDocument user) =>
        user.ExpiresAt?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "never";
}
