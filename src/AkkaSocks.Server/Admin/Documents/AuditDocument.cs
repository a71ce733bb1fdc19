using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>A line of the audit log: one change that an operator made. Nothing in it is a secret.</summary>
/// <param name="Time">When it was done.</param>
/// <param name="Node">The node that was asked.</param>
/// <param name="By">What proved the right to it: the key of the token in the configuration.</param>
/// <param name="From">Where the request came from.</param>
/// <param name="Action">What was done.</param>
/// <param name="Subject">To what: a user's name, a session's id, a node's name.</param>
/// <param name="Before">A user before the change; null when it was added.</param>
/// <param name="After">A user after the change; null when it was removed.</param>
/// <param name="PasswordChanged">The user has another password now.</param>
internal sealed record AuditDocument(
    DateTimeOffset Time,
    string Node,
    string By,
    string From,
    string Action,
    string Subject,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AuditedUser? Before,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AuditedUser? After,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? PasswordChanged);

/// <summary>What a user may do, for the audit log: all but the password.</summary>
/// <param name="Enabled">False: the user cannot log in.</param>
/// <param name="MaxSessions">Sessions at once in the whole cluster; null for no limit.</param>
/// <param name="Commands">Commands the user may use; null for all.</param>
/// <param name="ExpiresAt">From when on the user cannot log in; null for never.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Labels">Labels.</param>
internal sealed record AuditedUser(
    bool Enabled,
    int? MaxSessions,
    ImmutableArray<string>? Commands,
    DateTimeOffset? ExpiresAt,
    ImmutableArray<string> Groups,
    ImmutableSortedDictionary<string, string> Labels)
{
    /// <summary>What stands in a record.</summary>
    public static AuditedUser? Of(UserRecord? user) => user is null ? null : new(
        user.Enabled,
        user.MaxSessions,
        user.Commands is { } commands ? [.. CommandSets.WordsOf(commands)] : null,
        user.ExpiresAt,
        user.Groups,
        user.Labels);
}
