namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>A place in a text, moving forward only and counting lines.</summary>
internal sealed class HoconCursor(string text)
{
    private int _index;

    /// <summary>The line of the next character, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>Nothing is left.</summary>
    public bool AtEnd => _index >= text.Length;

    /// <summary>The next character; NUL at the end.</summary>
    public char Next => AtEnd ? '\0' : text[_index];

    /// <summary>The next characters are these.</summary>
    public bool IsAt(string expected) => text.AsSpan(_index).StartsWith(expected, StringComparison.Ordinal);

    /// <summary>The next character begins a comment.</summary>
    public bool IsAtComment => Next == '#' || IsAt("//");

    /// <summary>Takes one character.</summary>
    public char Take()
    {
        var c = text[_index++];
        if (c == '\n')
            Line++;
        return c;
    }

    /// <summary>Takes these characters if they are next.</summary>
    public bool TryTake(string expected)
    {
        if (!IsAt(expected))
            return false;
        for (var i = 0; i < expected.Length; i++)
            Take();
        return true;
    }

    /// <summary>Takes characters as long as they qualify.</summary>
    public string TakeWhile(Func<char, bool> qualifies)
    {
        var start = _index;
        while (!AtEnd && qualifies(Next))
            Take();
        return text[start.._index];
    }

    /// <summary>Takes white space up to the end of the line.</summary>
    public string TakeBlank() => TakeWhile(c => c != '\n' && char.IsWhiteSpace(c));

    /// <summary>Passes white space, line ends and comments.</summary>
    public void SkipSpace()
    {
        while (true)
        {
            TakeWhile(char.IsWhiteSpace);
            if (!IsAtComment)
                return;
            TakeWhile(c => c != '\n');
        }
    }
}
