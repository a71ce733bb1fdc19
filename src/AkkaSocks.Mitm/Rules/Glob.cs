using System.Collections.Immutable;

namespace AkkaSocks.Mitm.Rules;

/// <summary>A pattern in which <c>*</c> stands for any characters, none included. It never goes back further than its last star.</summary>
internal readonly struct Glob(string pattern, bool ignoreCase)
{
    /// <summary>Makes patterns of texts.</summary>
    public static ImmutableArray<Glob> Of(ImmutableArray<string> patterns, bool ignoreCase) =>
        [.. patterns.Select(pattern => new Glob(pattern, ignoreCase))];

    /// <summary>Whether it stands for the whole of a text.</summary>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        var (at, star, resume) = (0, -1, 0);
        for (var i = 0; i < text.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                resume = i;
            }
            else if (at < pattern.Length && Same(pattern[at], text[i]))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++resume;
            }
            else
            {
                return false;
            }
        }

        return !pattern.AsSpan(at).ContainsAnyExcept('*');
    }

    private bool Same(char a, char b) => a == b || (ignoreCase && char.ToLowerInvariant(a) == char.ToLowerInvariant(b));
}
