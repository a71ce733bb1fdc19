namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Finds the name somebody meant.</summary>
internal static class NearestName
{
    // Two letters swapped are two edits; in a name of three letters that could be any name.
    private const int FewEdits = 2;
    private const int ShortName = 3;

    /// <summary>The known name with the fewest edits to the one given; null when none is near: two, or a third of its length.</summary>
    public static string? Of(string name, IEnumerable<string> known) => known
        .Select(candidate => (Name: candidate, Edits: Edits(name, candidate)))
        .Where(candidate => candidate.Edits <= Math.Max(candidate.Name.Length > ShortName ? FewEdits : 1, candidate.Name.Length / 3))
        .OrderBy(candidate => candidate.Edits)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    // Levenshtein's distance, one row at a time.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
