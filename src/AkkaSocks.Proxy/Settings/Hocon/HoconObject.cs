namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary><c>{ key = value }</c>. Later keys win; where both are objects, they merge.</summary>
internal sealed class HoconObject(Origin origin) : HoconNode(origin)
{
    private readonly OrderedDictionary<string, HoconNode> _members = new(StringComparer.Ordinal);

    /// <summary>The keys and values, in the order in which they first appeared.</summary>
    public IEnumerable<KeyValuePair<string, HoconNode>> Members => _members;

    /// <summary>How many keys it has.</summary>
    public int Count => _members.Count;

    /// <summary>The value of a key; null when it has none.</summary>
    public HoconNode? Find(string name) => _members.GetValueOrDefault(name);

    /// <summary>Sets the value at the end of a path of at least one name.</summary>
    public void Set(ReadOnlySpan<string> path, HoconNode value)
    {
        for (var i = path.Length - 1; i > 0; i--)
        {
            var parent = new HoconObject(value.Origin);
            parent._members[path[i]] = value;
            value = parent;
        }

        _members[path[0]] = Find(path[0]) is { } earlier ? Over(earlier, value) : value;
    }

    /// <summary>Adds another object's keys; this object owns them from now on.</summary>
    public void Merge(HoconObject later)
    {
        Origin = later.Origin;
        foreach (var (name, value) in later.Members)
            Set([name], value);
    }

    /// <summary>An object of its own, so that merging into it leaves this one as it is.</summary>
    public HoconObject Copy()
    {
        var copy = new HoconObject(Origin);
        foreach (var (name, value) in _members)
            copy._members[name] = value is HoconObject inner ? inner.Copy() : value;
        return copy;
    }

    private static HoconNode Over(HoconNode earlier, HoconNode later)
    {
        switch (earlier, later)
        {
            case (HoconObject first, HoconObject second):
                first.Merge(second);
                return first;
            case (HoconReference or HoconSequence or HoconOverlay, HoconObject or HoconReference or HoconSequence):
            case (HoconObject, HoconReference or HoconSequence):
                return new HoconOverlay(earlier, later);
            default:
                return later;
        }
    }
}
