using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Settings.Reading;
using AkkaSocks.Server.Admin.Documents;
using AkkaSocks.Server.Verbs;

namespace AkkaSocks.Server.Admin;

/// <summary>
/// The body of <c>PUT /v1/users/{name}</c>, read strictly. A field that is left out stays as it is, so that whoever disables a
/// user does not lift its limit by forgetting it; null takes a limit away.
/// </summary>
internal sealed class UserBody
{
    private const int MaxLimit = 1_000_000;
    private const int MaxTags = 64;

    // Nodes send each other users in pages that must stay far below the frame of their remoting.
    private const int MaxTagBytes = 2048;
    private const int MaxTagLength = 64;
    private const int MaxLabelLength = 256;
    private static readonly string TooLong = $"expected at most {MaxTagBytes} bytes in all";
    private static readonly string[] ReadOnly = ["name", "sessions"];

    // The offset is a must: without one it would be the time zone of whichever node reads it.
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private static readonly Dictionary<string, Action<UserBody, string, JsonElement>> Fields = new(StringComparer.Ordinal)
    {
        ["password"] = (body, field, value) => body.ReadPassword(field, value),
        ["enabled"] = (body, field, value) => body.ReadEnabled(field, value),
        ["maxSessions"] = (body, field, value) => body.ReadMaxSessions(field, value),
        ["commands"] = (body, field, value) => body.ReadCommands(field, value),
        ["expiresAt"] = (body, field, value) => body.ReadExpiresAt(field, value),
        ["groups"] = (body, field, value) => body.ReadGroups(field, value),
        ["labels"] = (body, field, value) => body.ReadLabels(field, value),
    };

    private readonly ImmutableArray<FieldProblem>.Builder _errors = ImmutableArray.CreateBuilder<FieldProblem>();
    private readonly List<Func<UserRecord, UserRecord>> _changes = [];

    private UserBody()
    {
    }

    /// <summary>The new password; null to keep the old one.</summary>
    public byte[]? Password { get; private set; }

    /// <summary>What is wrong with the fields; empty when nothing is.</summary>
    public ImmutableArray<FieldProblem> Errors => _errors.ToImmutable();

    /// <summary>Reads a body.</summary>
    public static UserBody Read(JsonElement document)
    {
        var body = new UserBody();
        foreach (var field in document.EnumerateObject())
        {
            if (Fields.TryGetValue(field.Name, out var read))
                read(body, field.Name, field.Value);
            else
                body.RefuseUnknown(field.Name);
        }

        return body;
    }

    /// <summary>The user with the changes, but for the password.</summary>
    public UserRecord ApplyTo(UserRecord user) => _changes.Aggregate(user, (current, change) => change(current));

    private void ReadPassword(string field, JsonElement value)
    {
        var password = JsonBody.TextOf(value) is { } text ? Encoding.UTF8.GetBytes(text) : null;
        if (password is null || ClearPassword.Problem(password) is not null)
            Refuse(field, $"expected text of 1 to {ClearPassword.MaxBytes} bytes, as many as RFC 1929 can carry");
        else
            Password = password;
    }

    private void ReadEnabled(string field, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            Change(user => user with { Enabled = value.ValueKind == JsonValueKind.True });
        else
            Refuse(field, "expected true or false");
    }

    private void ReadMaxSessions(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            Change(user => user with { MaxSessions = null });
        else if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var limit) && limit is > 0 and <= MaxLimit)
            Change(user => user with { MaxSessions = limit });
        else
            Refuse(field, $"expected a whole number from 1 to {MaxLimit}, or null for no limit");
    }

    private void ReadCommands(string field, JsonElement value)
    {
        var words = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(JsonBody.TextOf) : [];
        if (value.ValueKind == JsonValueKind.Null)
            Change(user => user with { Commands = null });
        else if (CommandSets.Of(words) is { } commands)
            Change(user => user with { Commands = commands });
        else
            Refuse(field, $"expected a list of one or more of {string.Join(", ", CommandSets.Words)}, or null for all");
    }

    private void ReadExpiresAt(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            Change(user => user with { ExpiresAt = null });
        else if (JsonBody.TextOf(value) is { } text && TryReadTime(text, out var time))
            Change(user => user with { ExpiresAt = time });
        else
            Refuse(field, "expected a time with its offset such as 2030-12-31T23:59:59Z, or null for never");
    }

    private void ReadGroups(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MaxTags)
        {
            Refuse(field, $"expected a list of at most {MaxTags} names");
            return;
        }

        var groups = value.EnumerateArray().Select(JsonBody.TextOf).ToImmutableArray();
        for (var i = 0; i < groups.Length; i++)
        {
            if (!IsPlain(groups[i], MaxTagLength) || groups[i] is "")
                Refuse($"{field}[{i}]", $"expected a name of 1 to {MaxTagLength} plain characters");
        }

        if (groups.Sum(ByteCount) > MaxTagBytes)
            Refuse(field, TooLong);
        Change(user => user with { Groups = groups! });
    }

    private void ReadLabels(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() > MaxTags)
        {
            Refuse(field, $"expected an object of at most {MaxTags} texts");
            return;
        }

        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var label in value.EnumerateObject())
        {
            var text = JsonBody.TextOf(label.Value);
            if (!IsPlain(label.Name, MaxTagLength) || label.Name is "")
                Refuse(field, $"expected names of 1 to {MaxTagLength} plain characters");
            else if (!IsPlain(text, MaxLabelLength))
                Refuse($"{field}.{label.Name}", $"expected text of at most {MaxLabelLength} plain characters");
            else
                labels[label.Name] = text!;
        }

        if (labels.Sum(label => ByteCount(label.Key) + ByteCount(label.Value)) > MaxTagBytes)
            Refuse(field, TooLong);
        Change(user => user with { Labels = labels.ToImmutable() });
    }

    private void RefuseUnknown(string field)
    {
        if (ReadOnly.Contains(field))
            Refuse(field, "cannot be set; leave it out");
        else if (NearestName.Of(field, Fields.Keys) is { } near)
            Refuse(Shown(field), $"unknown field; did you mean {near}?");
        else
            Refuse(Shown(field), $"unknown field; known here: {string.Join(", ", Fields.Keys)}");
    }

    private void Refuse(string field, string detail) => _errors.Add(new FieldProblem(field, detail));

    private void Change(Func<UserRecord, UserRecord> change) => _changes.Add(change);

    private static bool TryReadTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
        && (text.EndsWith('Z') || text[^6] is '+' or '-');

    private static int ByteCount(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static bool IsPlain(string? text, int maxLength) =>
        text is not null && text.Length <= maxLength && !text.Any(char.IsControl);

    private static string Shown(string field) => field.Length <= MaxTagLength ? field : field[..MaxTagLength] + "…";
}
