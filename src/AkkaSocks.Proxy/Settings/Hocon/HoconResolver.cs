using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>Replaces references to other keys by what stands there, after all files have been merged: a reference sees the value
/// that won, whichever file it is in.</summary>
internal sealed class HoconResolver(HoconObject root, ProblemList problems)
{
    // A reference may double what it refers to, and references may be chained: growth is bounded here.
    private const int MaxNodes = 200_000;
    private const int MaxChain = 64;

    private readonly Stack<KeyPath> _following = new();
    private int _nodes;

    /// <summary>The whole configuration without references; what could not be resolved is <see cref="HoconAbsent"/>.</summary>
    public HoconObject Resolve() => Resolve(root, KeyPath.Root);

    private HoconNode Resolve(HoconNode node, KeyPath at)
    {
        if (++_nodes > MaxNodes)
            return Absent(node.Origin, at, $"references make this larger than {MaxNodes} values");
        return node switch
        {
            HoconObject members => Resolve(members, at),
            HoconArray array => new HoconArray(array.Origin, [.. array.Items.Select(item => Resolve(item, at))]),
            HoconSequence sequence => Join(sequence, at),
            HoconOverlay overlay => Overlay(Resolve(overlay.Earlier, at), Resolve(overlay.Later, at)),
            HoconReference reference => Follow(reference, at),
            _ => node,
        };
    }

    private HoconObject Resolve(HoconObject members, KeyPath at)
    {
        var resolved = new HoconObject(members.Origin);
        foreach (var (name, value) in members.Members)
            resolved.Set([name], Resolve(value, at / name));
        return resolved;
    }

    private static HoconNode Overlay(HoconNode earlier, HoconNode later)
    {
        if (earlier is not HoconObject first || later is not HoconObject second)
            return later;
        first.Merge(second);
        return first;
    }

    private HoconNode Follow(HoconReference reference, KeyPath at)
    {
        var written = $"${{{reference.Path}}}";
        if (_following.Any(path => path.Names.AsSpan().SequenceEqual(reference.Path.Names.AsSpan())))
            return Absent(reference.Origin, at, $"{written} refers to itself");
        if (_following.Count >= MaxChain)
            return Absent(reference.Origin, at, $"{written} is the end of a chain of more than {MaxChain} references");

        _following.Push(reference.Path);
        HoconNode? found = root;
        foreach (var name in reference.Path.Names)
            found = (found is HoconObject or null ? found as HoconObject : Resolve(found, at) as HoconObject)?.Find(name);
        var value = found is null
            ? Absent(reference.Origin, at, $"{written} is no key of this configuration (the environment is asked for a NAME in capitals)")
            : Resolve(found, at);
        _following.Pop();
        return value;
    }

    private HoconNode Join(HoconSequence sequence, KeyPath at)
    {
        var parts = sequence.Parts.Select(part => Resolve(part, at)).ToImmutableArray();
        var solid = parts.Where(part => part is not HoconText { Quoted: false } text || !string.IsNullOrWhiteSpace(text.Text)).ToArray();
        if (Array.Exists(solid, part => part is HoconAbsent))
            return new HoconAbsent(sequence.Origin);
        if (Array.TrueForAll(solid, part => part is HoconText))
            return new HoconText(sequence.Origin, string.Concat(parts.Cast<HoconText>().Select(part => part.Text)), quoted: true);
        if (Array.TrueForAll(solid, part => part is HoconArray))
            return new HoconArray(sequence.Origin, [.. solid.Cast<HoconArray>().SelectMany(part => part.Items)]);
        return Array.TrueForAll(solid, part => part is HoconObject)
            ? solid.Aggregate(Overlay)
            : Absent(sequence.Origin, at, "text, lists and objects cannot be joined with each other");
    }

    private HoconAbsent Absent(Origin origin, KeyPath at, string message)
    {
        problems.Add(origin, at, message);
        return new HoconAbsent(origin);
    }
}
