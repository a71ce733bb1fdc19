using System.Text;

namespace AkkaSocks.Server.Verbs;

/// <summary>Rows of text with their columns aligned.</summary>
internal static class TextTable
{
    private const int Gap = 2;

    /// <summary>The table, a line feed after each row.</summary>
    /// <param name="rows">The first one holds the headings; all have as many cells.</param>
    public static string Of(IEnumerable<string[]> rows)
    {
        var all = rows.ToArray();
        var widths = Enumerable.Range(0, all[0].Length).Select(column => all.Max(row => row[column].Length) + Gap).ToArray();
        var text = new StringBuilder();
        foreach (var row in all)
            text.Append(string.Concat(row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd()).Append('\n');
        return text.ToString();
    }
}
