using System.Collections.Immutable;
using AkkaSocks.Proxy.Settings.Hocon;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>
/// One <c>{ … }</c> of the configuration, read strictly: a key that is missing, mistyped or out of range is a problem, and so is every
/// key nobody asked for. After a problem a getter gives a value that means nothing: it is never used, since one problem refuses the
/// whole configuration.
/// </summary>
internal sealed class ConfigSection
{
    private readonly HoconObject _config;
    private readonly KeyPath _path;
    private readonly SettingsReading _reading;
    private readonly HashSet<string> _asked = [];

    // It is no section, which has been said: that its keys are missing as well would be noise.
    private readonly bool _isBroken;

    private ConfigSection(HoconObject config, KeyPath path, SettingsReading reading, bool isBroken) =>
        (_config, _path, _reading, _isBroken) = (config, path, reading, isBroken);

    /// <summary>Reads the root of a configuration.</summary>
    public static T ReadRoot<T>(HoconObject root, SettingsReading reading, Func<ConfigSection, T> read) =>
        new ConfigSection(root, KeyPath.Root, reading, isBroken: false).ReadAll(read);

    /// <summary>Reads a key that holds a section; what <paramref name="read"/> did not ask for is refused.</summary>
    public T Section<T>(string key, Func<ConfigSection, T> read) => Inner(key).ReadAll(read);

    /// <summary>Reads a key whose own keys are names that the user chose.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaults">A key of this section whose keys each entry has unless it sets them; null without.</param>
    /// <param name="read">Reads one entry, given its name.</param>
    public ImmutableArray<T> Entries<T>(string key, string? defaults, Func<string, ConfigSection, T> read)
    {
        var entries = Inner(key);
        var inherited = defaults is null ? null : _config.Find(defaults) as HoconObject;
        return [.. entries._config.Members.Select(entry => entries.Entry(entry.Key, inherited).ReadAll(section => read(entry.Key, section)))];
    }

    /// <summary>A key holds a section.</summary>
    public bool HasSection(string key) => _config.Find(key) is HoconObject;

    /// <summary>A key that may be left out is there.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Reads a list of sections, whose paths are their places in the list, from 0.</summary>
    public ImmutableArray<T> Sections<T>(string key, string example, Func<ConfigSection, T> read)
    {
        if (Find(key) is not HoconArray array)
        {
            Refuse(Find(key), key, $"expected a list such as {example}");
            return [];
        }

        var values = ImmutableArray.CreateBuilder<T>();
        for (var i = 0; i < array.Items.Length; i++)
        {
            if (array.Items[i] is HoconObject section)
                values.Add(new ConfigSection(section, _path / key / $"{i}", _reading, isBroken: false).ReadAll(read));
            else
                Refuse(array.Items[i], key, $"expected a list of sections such as {example}");
        }

        return values.ToImmutable();
    }

    /// <summary>Reads a list of values, of which one may stand without brackets; empty when the key is left out.</summary>
    public ImmutableArray<T> SomeIfAny<T>(string key, string example, ValueReader<T> read) =>
        !Has(key) ? [] : _config.Find(key) is HoconText ? [Value(key, read)] : List(key, example, read);

    /// <summary>Reads a key that may be left out, whose own keys are names that the user chose and whose values are text.</summary>
    public ImmutableArray<KeyValuePair<string, string>> TextsIfAny(
        string key, ValueReader<string> readName, ValueReader<string> readText)
    {
        if (!Has(key))
            return [];
        var entries = Inner(key);
        return
        [
            .. entries._config.Members.Select(entry =>
            {
                if (readName(entry.Key, out _) is { } expected)
                    entries.Refuse(entry.Key, $"expected {expected}");
                return KeyValuePair.Create(entry.Key, entries.Value(entry.Key, readText));
            }),
        ];
    }

    /// <summary>Passes over a section that somebody else reads.</summary>
    public void PassOver(string key) => Inner(key);

    /// <summary>Reads one value.</summary>
    public T Value<T>(string key, ValueReader<T> read)
    {
        TryValue(Find(key), key, read, isSecret: false, out var value);
        return value;
    }

    /// <summary>Reads one value that no message may repeat.</summary>
    public T Secret<T>(string key, ValueReader<T> read)
    {
        TryValue(Find(key), key, read, isSecret: true, out var value);
        return value;
    }

    /// <summary>Reads a list of values; those with a problem are left out.</summary>
    public ImmutableArray<T> List<T>(string key, string example, ValueReader<T> read)
    {
        var node = Find(key);
        if (node is not HoconArray array)
        {
            Refuse(node, key, $"expected a list such as {example}");
            return [];
        }

        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var item in array.Items)
        {
            if (TryValue(item, key, read, isSecret: false, out var value))
                values.Add(value);
        }

        return values.ToImmutable();
    }

    /// <summary>Reads a list of a closed set: at least one, none twice.</summary>
    public ImmutableArray<T> SomeOf<T>(string key, string example)
        where T : struct, Enum
    {
        var values = List<T>(key, example, ScalarText.ReadName);
        if (_config.Find(key) is HoconArray { Items: var items })
        {
            if (items.Length == 0)
                Refuse(key, $"expected at least one, as in {example}");
            if (items.OfType<HoconText>().GroupBy(item => item.Text).Any(same => same.Count() > 1))
                Refuse(key, "expected none twice");
        }

        return values;
    }

    /// <summary>Says that a key is wrong for a reason that does not lie in its text alone.</summary>
    public void Refuse(string key, string message) => Refuse(_config.Find(key), key, message);

    /// <summary>Says that something is wrong with the section as a whole.</summary>
    public void Refuse(string message) => _reading.Refuse(_config.Origin, _path, message);

    private HoconNode? Find(string key)
    {
        _asked.Add(key);
        _reading.Ask(_path / key);
        return _config.Find(key);
    }

    private ConfigSection Inner(string key)
    {
        var node = Find(key);
        if (node is not HoconObject)
        {
            // Its value is not shown: whoever writes users { alice = "…" } has put a password there.
            Refuse(node, key, "expected a section in { }", isSecret: true);
        }

        return new ConfigSection(node as HoconObject ?? new HoconObject(_config.Origin), _path / key, _reading, node is not HoconObject);
    }

    private ConfigSection Entry(string name, HoconObject? inherited)
    {
        if (Find(name) is not HoconObject own)
            return Inner(name);
        var merged = inherited?.Copy() ?? new HoconObject(own.Origin);
        merged.Merge(own);
        return new ConfigSection(merged, _path / name, _reading, isBroken: false);
    }

    private T ReadAll<T>(Func<ConfigSection, T> read)
    {
        var value = read(this);
        foreach (var (name, node) in _config.Members.Where(member => !_asked.Contains(member.Key)))
        {
            var hint = NearestName.Of(name, _asked) is { } near ? $"did you mean {near}?" : $"known here: {string.Join(", ", _asked)}";
            _reading.Refuse(node.Origin, _path / name, $"unknown key; {hint}");
        }

        return value;
    }

    private bool TryValue<T>(HoconNode? node, string key, ValueReader<T> read, bool isSecret, out T value)
    {
        value = default!;

        // What is no text is shown to the reader as none, for the sake of its words.
        var expected = node is HoconText text ? read(text.Text, out value) : read("", out _) ?? "text";
        if (expected is null)
            return true;
        value = default!;
        Refuse(node, key, node is null ? $"is missing; expected {expected}" : $"expected {expected}", isSecret);
        return false;
    }

    private void Refuse(HoconNode? node, string key, string message, bool isSecret = false)
    {
        if (!_isBroken && node is not HoconAbsent)
            _reading.Refuse(node?.Origin ?? _config.Origin, _path / key, message, isSecret ? null : ValuePicture.Of(node));
    }
}
