using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AkkaSocks.Proxy.Settings.Hocon;

namespace AkkaSocks.Proxy.Settings;

/// <summary>
/// A whole configuration, key by key as it was written: what two of them differ in can be told, and a hash of it tells whether nodes go
/// by the same. Values never leave it, since some are secrets.
/// </summary>
internal sealed class ConfigPicture
{
    // Each node has its own, or they say who may manage it. Of a connection to a database the password may be weak, and whoever knows a
    // hash may guess what was hashed.
    private static readonly ImmutableArray<string> OfOneNode =
    [
        "akkasocks.node", "akkasocks.admin", "akkasocks.cluster.host", "akkasocks.cluster.port", "akkasocks.cluster.tls",
        "akkasocks.auth.store.postgres.connection",
    ];

    private const int HashDigits = 12;
    private const string Listeners = "akkasocks.listeners.", Endpoint = ".endpoint";

    private readonly ImmutableSortedDictionary<string, Entry> _entries;

    private ConfigPicture(ImmutableSortedDictionary<string, Entry> entries)
    {
        _entries = entries;
        Hash = HashOf(entries);
    }

    private readonly record struct Entry(string Text, Origin Origin);

    /// <summary>Alike for nodes that go by the same configuration, but for what each node has for itself: its name, its addresses, its
    /// files, its tokens.</summary>
    public string Hash { get; }

    /// <summary>The picture of a resolved configuration.</summary>
    public static ConfigPicture Of(HoconObject resolved)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, Entry>(StringComparer.Ordinal);
        Add(entries, KeyPath.Root, resolved);
        return new ConfigPicture(entries.ToImmutable());
    }

    /// <summary>The keys whose values differ, in order.</summary>
    public ImmutableArray<string> DifferencesTo(ConfigPicture other) =>
    [
        .. _entries.Keys.Union(other._entries.Keys)
            .Where(key => _entries.GetValueOrDefault(key).Text != other._entries.GetValueOrDefault(key).Text)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>This one, but with what <paramref name="other"/> says of some keys.</summary>
    public ConfigPicture With(ConfigPicture other, IEnumerable<string> keys)
    {
        var entries = _entries.ToBuilder();
        foreach (var key in keys)
        {
            if (other._entries.TryGetValue(key, out var entry))
                entries[key] = entry;
            else
                entries.Remove(key);
        }

        return new ConfigPicture(entries.ToImmutable());
    }

    /// <summary>What is wrong with a key, told with the place where it stands; with the nearest place where it stands nowhere.</summary>
    public SettingsProblem ProblemWith(string key, string message)
    {
        var found = _entries.GetValueOrDefault(key).Origin;
        if (found.Source is null)
            found = _entries.FirstOrDefault(entry => entry.Key.StartsWith(key, StringComparison.Ordinal)).Value.Origin;
        return new SettingsProblem(found.Source ?? SettingsLoader.ReferenceName, found.Line, key, message);
    }

    private static void Add(ImmutableSortedDictionary<string, Entry>.Builder entries, KeyPath path, HoconObject members)
    {
        foreach (var (name, value) in members.Members)
        {
            if (value is HoconObject inner)
                Add(entries, path / name, inner);
            else
                entries[(path / name).ToString()] = new Entry(TextOf(value), value.Origin);
        }
    }

    private static string TextOf(HoconNode value) => value switch
    {
        HoconText text => HoconQuote.Of(text.Text),
        HoconArray array => $"[{string.Join(',', array.Items.Select(TextOf))}]",
        HoconObject members => $"{{{string.Join(',', members.Members.Select(it => $"{HoconQuote.Of(it.Key)}={TextOf(it.Value)}"))}}}",
        _ => "",
    };

    private static string HashOf(ImmutableSortedDictionary<string, Entry> entries)
    {
        var text = new StringBuilder();
        foreach (var (key, entry) in entries.Where(entry => IsShared(entry.Key)))
            text.Append(key).Append('=').Append(entry.Text).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..HashDigits];
    }

    private static bool IsShared(string key) => !OfOneNode.Any(own => IsWithin(key, own))
        && !(key.StartsWith(Listeners, StringComparison.Ordinal) && key.EndsWith(Endpoint, StringComparison.Ordinal));

    /// <summary>Whether a key is a section or stands in it.</summary>
    public static bool IsWithin(string key, string section) =>
        key.StartsWith(section, StringComparison.Ordinal) && (key.Length == section.Length || key[section.Length] == '.');
}
