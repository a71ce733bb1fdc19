using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>The names from the root of the configuration to a key.</summary>
internal readonly struct KeyPath(ImmutableArray<string> names)
{
    /// <summary>The names, outermost first.</summary>
    public ImmutableArray<string> Names => names;

    /// <summary>The root: no names.</summary>
    public static KeyPath Root => new([]);

    /// <summary>The path of a key inside this one.</summary>
    public static KeyPath operator /(KeyPath path, string name) => new(path.Names.Add(name));

    /// <summary>As it would be written in HOCON: names joined by dots, in quotes where they must be.</summary>
    public override string ToString() => string.Join('.', Names.Select(Written));

    private static string Written(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? name : HoconQuote.Of(name);
}
