using System.Text;
using Spectre.Console;

namespace AkkaSocks.Server.Verbs;

/// <summary>Rows of text with their columns aligned: drawn for a terminal, plain for everything else.</summary>
internal static class TextTable
{
    private const int Gap = 2;

    // Of more, nobody reads lines between them, and drawing them takes longer than asking for them.
    private const int MostDrawn = 2000;

    // Words that stand for a state, wherever they are.
    private static readonly Dictionary<string, Color> Tints = new(StringComparer.Ordinal)
    {
        ["up"] = Color.Green, ["passed"] = Color.Green, ["yes"] = Color.Green,
        ["joining"] = Color.Yellow, ["leaving"] = Color.Yellow, ["weakly-up"] = Color.Yellow, ["up, draining"] = Color.Yellow,
        ["unreachable"] = Color.Red, ["down"] = Color.Red, ["refused"] = Color.Red, ["no"] = Color.Red,
    };

    /// <summary>The table, a line feed after each row.</summary>
    /// <param name="rows">The first one holds the headings; all have as many cells.</param>
    public static string Of(IEnumerable<string[]> rows) => Written([.. rows], hasHeadings: true);

    /// <summary>The same without headings: the first column holds the names of what stands in the second.</summary>
    public static string OfFields(IEnumerable<string[]> rows) => Written([.. rows], hasHeadings: false);

    private static string Written(string[][] rows, bool hasHeadings) =>
        Terminal.ShowsColour && rows.Length <= MostDrawn ? Drawn(rows, hasHeadings) : Plain(rows);

    private static string Plain(string[][] rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length) + Gap).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.Append(string.Concat(row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd()).Append('\n');
        return text.ToString();
    }

    private static string Drawn(string[][] rows, bool hasHeadings)
    {
        var table = new Table { Border = hasHeadings ? TableBorder.Rounded : TableBorder.None, ShowHeaders = hasHeadings };
        table.BorderColor(Color.Grey);
        for (var column = 0; column < rows[0].Length; column++)
        {
            var place = column;
            var isNumber = hasHeadings && rows.Length > 1 && rows.Skip(1).All(row => IsNumber(row[place]));
            var heading = new Text(rows[0][column], new Style(Color.Grey));
            var shown = new TableColumn(heading) { Alignment = isNumber ? Justify.Right : Justify.Left, NoWrap = isNumber };
            table.AddColumn(shown);
        }

        foreach (var row in rows.Skip(hasHeadings ? 1 : 0))
            table.AddRow(row.Select((cell, column) => new Text(cell, StyleOf(cell, isName: !hasHeadings && column == 0))));
        return Terminal.Draw(table);
    }

    private static Style StyleOf(string cell, bool isName) =>
        isName || cell == "-" ? new Style(Color.Grey) : Tints.TryGetValue(cell, out var tint) ? new Style(tint) : Style.Plain;

    // What is counted or measured: 17, 1.5, 12 %, 3.4 MB/s, 2h07m.
    private static bool IsNumber(string cell) => cell is "-" or "none" || (cell.Length > 0 && char.IsAsciiDigit(cell[0]) && !cell.Contains(':')
        && cell.Count(c => c == '.') <= 1 && cell.Length <= 14);
}
