using System.Globalization;
using AkkaSocks.Proxy.Settings.Hocon;
using AkkaSocks.Proxy.Settings.Reading;

namespace AkkaSocks.Proxy.Settings;

/// <summary>Where the keys of a loaded configuration stand: for whoever is told that one of them decides something.</summary>
internal sealed class ConfigPlaces
{
    private readonly HoconObject _root;

    /// <summary>Those of a configuration.</summary>
    /// <param name="root">Merged and resolved.</param>
    public ConfigPlaces(HoconObject root) => _root = root;

    /// <summary>The place of a key, or of the default that it has; null when there is no such key. A secret's place is not asked for:
    /// its value would be shown.</summary>
    /// <param name="path">Names from the root on; of a list the number of an entry, from 0.</param>
    public ConfigPlace? Find(ReadOnlySpan<string> path) => FindExactly(path) ?? path switch
    {
        ["akkasocks", "listeners", _, .. var rest] => FindExactly(["akkasocks", "listener-defaults", .. rest]),
        ["akkasocks", "auth", "users", _, .. var rest] => FindExactly(["akkasocks", "auth", "user-defaults", .. rest]),
        _ => null,
    };

    private ConfigPlace? FindExactly(ReadOnlySpan<string> path)
    {
        HoconNode? node = _root;
        var key = KeyPath.Root;
        var place = "";
        foreach (var name in path)
        {
            if (node is HoconArray array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                node = index < array.Items.Length ? array.Items[index] : null;
                place += $"[{name}]";
            }
            else
            {
                node = (node as HoconObject)?.Find(name);
                key /= name;
            }
        }

        return node is null ? null : new ConfigPlace(key + place, ValuePicture.Of(node), node.Origin.Source, node.Origin.Line);
    }
}
