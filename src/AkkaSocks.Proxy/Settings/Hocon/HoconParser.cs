using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>
/// HOCON to a tree whose every node knows its place. Akka's own parser is not used for this: it knows no line numbers, no
/// environment, and accepts an unclosed brace in silence.
/// <code>
/// document = members | "{" members "}"          members = { key value-or-object [","] | include "file" }
/// key      = name { "." name }                  value   = part { part }      up to the end of the line, "," "}" or "]"
/// part     = text | "text" | """text""" | ${path} | ${NAME} | { members } | [ value, … ]
/// </code>
/// Environment references are replaced here; references to other keys wait for <see cref="HoconResolver"/>. Not supported, and
/// refused: <c>+=</c>, <c>${?path}</c>, keys with blanks outside quotes.
/// </summary>
internal sealed class HoconParser
{
    // Recursion is bounded by this; a stack overflow could not be reported.
    private const int MaxDepth = 64;

    private readonly string _source;
    private readonly bool _hasLines;
    private readonly HoconCursor _cursor;
    private readonly HoconParserContext _context;
    private KeyPath _path = KeyPath.Root;

    private HoconParser(string source, bool hasLines, string text, HoconParserContext context)
    {
        (_source, _hasLines, _context) = (source, hasLines, context);
        _cursor = new HoconCursor(text);
    }

    /// <summary>Reads a file's text; null when it is no HOCON, which then is on the list of problems.</summary>
    public static HoconObject? ParseDocument(string source, string text, HoconParserContext context) =>
        new HoconParser(source, hasLines: true, text, context).Guarded(parser => parser.Document(), null);

    /// <summary>Reads a value that stands outside of any file; null when it leaves itself out, absent when it is no HOCON, which
    /// then is on the list of problems.</summary>
    public static HoconNode? ParseValue(string source, KeyPath key, string text, HoconParserContext context) =>
        new HoconParser(source, hasLines: false, text, context) { _path = key }
            .Guarded(parser => parser.OnlyValue(), new HoconAbsent(new Origin(source, null)));

    private Origin Here => new(_source, _hasLines ? _cursor.Line : null);

    private T? Guarded<T>(Func<HoconParser, T?> parse, T? otherwise)
        where T : HoconNode
    {
        try
        {
            return parse(this);
        }
        catch (HoconSyntaxException e)
        {
            _context.Problems.Add(new Origin(_source, _hasLines ? e.Line : null), _path, e.Message);
            return otherwise;
        }
    }

    private HoconObject Document()
    {
        _cursor.SkipSpace();
        var root = new HoconObject(Here);
        if (_cursor.Next == '{')
            TakeBraces(root, depth: 0);
        else
            TakeMembers(root, depth: 0);

        _cursor.SkipSpace();
        return _cursor.AtEnd
            ? root
            : throw Wrong(_cursor.Next == '}' ? "this } closes nothing" : $"{Found()} after the closing }}");
    }

    private HoconNode? OnlyValue()
    {
        var value = TakeValue(depth: 0);
        _cursor.SkipSpace();
        return _cursor.AtEnd ? value : throw Wrong($"{Found()} after the value");
    }

    private void TakeBraces(HoconObject into, int depth)
    {
        var (line, path) = (_cursor.Line, _path);
        _cursor.Take();
        TakeMembers(into, depth);
        if (_cursor.TryTake("}"))
            return;
        _path = path;
        throw new HoconSyntaxException(line, "the { opened on this line is never closed");
    }

    private void TakeMembers(HoconObject into, int depth)
    {
        if (depth > MaxDepth)
            throw Wrong($"nested deeper than {MaxDepth} levels");
        while (true)
        {
            _cursor.SkipSpace();
            if (_cursor.AtEnd || _cursor.Next == '}')
                return;
            if (!_cursor.TryTake(","))
                TakeMember(into, depth);
        }
    }

    private void TakeMember(HoconObject into, int depth)
    {
        var (outer, isQuoted) = (_path, _cursor.Next == '"');
        var names = TakeKey();
        _cursor.TakeBlank();
        if (names is ["include"] && !isQuoted && _cursor.Next == '"')
        {
            var origin = Here;
            if (_context.Include(_cursor.TakeQuoted(), origin) is { } included)
                into.Merge(included);
            return;
        }

        if (outer.Names.Length + names?.Length > MaxDepth)
            throw Wrong($"nested deeper than {MaxDepth} levels");
        _path = names?.Aggregate(outer, (path, name) => path / name) ?? outer;
        if (_cursor.IsAt("+="))
            throw Wrong("+= is not supported; write the whole list");
        if (_cursor.Next != '{' && !_cursor.TryTake("=") && !_cursor.TryTake(":"))
            throw Wrong($"expected = or {{ after the key, found {Found()}");

        if (TakeValue(depth) is { } value && names is not null)
            into.Set(names.Value.AsSpan(), value);
        _path = outer;
    }

    /// <summary>The names of a key; null when one of them is an environment variable that is not set.</summary>
    private ImmutableArray<string>? TakeKey()
    {
        var names = ImmutableArray.CreateBuilder<string>();
        var isKnown = true;
        do
        {
            if (_cursor.Next == '"')
                names.Add(_cursor.TakeQuoted());
            else if (_cursor.IsAt("${"))
            {
                var name = (TakeReference() as HoconText)?.Text;
                isKnown &= name is not null;
                names.Add(name ?? "");
            }
            else if (_cursor.TakeUnquotedName() is { Length: > 0 } name)
                names.Add(name);
            else
                throw Wrong($"expected a key, found {Found()}");
        }
        while (_cursor.TryTake("."));

        return isKnown ? names.ToImmutable() : null;
    }

    /// <summary>A value up to its end; null when an optional environment variable leaves it out.</summary>
    private HoconNode? TakeValue(int depth)
    {
        _cursor.TakeBlank();
        var origin = Here;
        var parts = ImmutableArray.CreateBuilder<HoconNode>();
        var isLeftOut = false;
        for (var blank = ""; !IsAtEndOfValue; blank = _cursor.TakeBlank())
        {
            if (blank.Length > 0)
                parts.Add(new HoconText(origin, blank, quoted: false));
            if (TakePart(depth) is { } part)
                parts.Add(part);
            else
                isLeftOut = true;
        }

        return isLeftOut ? null
            : parts.Count == 0 ? throw Wrong("a value is missing; it must begin on the line of its key")
            : parts.Count == 1 ? parts[0]
            : new HoconSequence(origin, parts.ToImmutable());
    }

    private bool IsAtEndOfValue => _cursor.AtEnd || _cursor.IsAtComment || _cursor.Next is '\n' or ',' or '}' or ']';

    private HoconNode? TakePart(int depth)
    {
        var origin = Here;
        switch (_cursor.Next)
        {
            case '{':
                var members = new HoconObject(origin);
                TakeBraces(members, depth + 1);
                return members;
            case '[':
                return TakeArray(depth + 1);
            case '"':
                return new HoconText(origin, _cursor.TakeQuoted(), quoted: true);
            case '$' when _cursor.IsAt("${"):
                return TakeReference();
            default:
                return _cursor.TakeUnquoted() is { Length: > 0 } text
                    ? new HoconText(origin, text, quoted: false)
                    : throw Wrong($"{Found()} must stand in quotes, as in \"127.0.0.1:1080\"");
        }
    }

    private HoconArray TakeArray(int depth)
    {
        if (depth > MaxDepth)
            throw Wrong($"nested deeper than {MaxDepth} levels");
        var origin = Here;
        var items = ImmutableArray.CreateBuilder<HoconNode>();
        _cursor.Take();
        while (true)
        {
            _cursor.SkipSpace();
            if (_cursor.TryTake("]"))
                return new HoconArray(origin, items.ToImmutable());
            if (_cursor.AtEnd || _cursor.Next == '}')
                throw new HoconSyntaxException(origin.Line ?? 1, "the [ opened on this line is never closed");
            if (!_cursor.TryTake(",") && TakeValue(depth) is { } item)
                items.Add(item);
        }
    }

    /// <summary>What a <c>${…}</c> stands for; null when it leaves the assignment out.</summary>
    private HoconNode? TakeReference()
    {
        var origin = Here;
        _cursor.TryTake("${");
        var body = _cursor.TakeWhile(c => c is not '}' and not '\n').Trim();
        if (!_cursor.TryTake("}"))
            throw Wrong("the ${ opened on this line is not closed on it");
        if (EnvironmentReference.Parse(body) is not { } variable)
            return new HoconReference(origin, PathOf(body));
        if (variable.Value(_context.Environment) is { } value)
            return new HoconText(origin, value, quoted: true);
        if (variable.IsOptional)
            return null;

        _context.Problems.Add(origin, _path, $"the environment variable {variable.Name} is not set; "
            + $"set it, or write ${{{variable.Name}:-text}} for a default or ${{?{variable.Name}}} to leave the key out");
        return new HoconAbsent(origin);
    }

    private KeyPath PathOf(string body)
    {
        var names = body.Split('.');
        return body.StartsWith('?') || body.Contains(":-", StringComparison.Ordinal)
            ? throw Wrong("only a NAME in capitals, from the environment, may be optional or have a default")
            : Array.Exists(names, name => name.Length == 0 || name.Any(char.IsWhiteSpace))
                ? throw Wrong("expected ${NAME} or ${path.to.key}")
                : new KeyPath([.. names]);
    }

    private string Found() => _cursor.AtEnd ? "the end of the file"
        : _cursor.Next == '\n' ? "the end of the line"
        : $"'{HoconQuote.Of(_cursor.Next.ToString())[1..^1]}'";

    private HoconSyntaxException Wrong(string message) => new(_cursor.Line, message);
}
