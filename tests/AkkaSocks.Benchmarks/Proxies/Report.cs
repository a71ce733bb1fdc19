using System.Globalization;
using System.Text;
using AkkaSocks.Benchmarks.Proxies.Peers;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>The scoreboard as text or Markdown. A cell is the median and, in brackets, its ratio to the best SOCKS peer of that
/// column.</summary>
internal sealed class Report(Scoreboard board, IReadOnlyList<Subject> subjects, ProxiesOptions options)
{
    /// <summary>Both forms have the same rows; only the rules between the cells differ.</summary>
    public string Write(bool markdown)
    {
        var text = new StringBuilder();
        text.AppendLine(markdown ? "# Proxies compared" : "Proxies compared");
        text.AppendLine().AppendLine(Machine.Describe());
        text.AppendLine($"Medians over {options.Rounds} interleaved rounds; in brackets the ratio to the best SOCKS peer of the");
        text.AppendLine("column. Rows marked * speak no SOCKS.");
        foreach (var (title, columns) in Metric.Tables)
        {
            var shown = columns.Where(column => options.Measures.Contains(column.Measure)).ToArray();
            if (shown.Length > 0)
            {
                text.AppendLine().AppendLine(markdown ? $"## {title}" : title).AppendLine();
                string[] head = ["", .. shown.Select(column => column.Title)];
                Append(text, [head, .. subjects.Select(subject => Row(subject, shown))], markdown);
            }
        }

        foreach (var group in board.Failures.GroupBy(failure => (failure.Subject, failure.Load)))
        {
            text.AppendLine();
            text.AppendLine($"{group.Key.Subject} failed at {group.Key.Load}, {group.Count()} ×: {group.First().Why}");
        }

        return text.ToString();
    }

    private string[] Row(Subject subject, Metric[] columns)
        => [subject.Name + (subject.Standing == Standing.Floor ? " *" : ""), .. columns.Select(column => Cell(subject, column))];

    private string Cell(Subject subject, Metric metric)
    {
        if (board.Median(subject.Name, metric) is not { } median)
        {
            return board.Failed(subject.Name, metric) ? "failed" : "–";
        }

        var best = board.Best(subjects.Where(s => s.Standing == Standing.SocksPeer).Select(s => s.Name), metric);
        return best is > 0 ? $"{Number(median)} ({Number(median / best.Value)})" : Number(median);
    }

    private static string Number(double value) => value.ToString(
        Math.Abs(value) switch { >= 1000 => "#,0", >= 100 => "0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, string[][] rows, bool markdown)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            var cells = rows[i].Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            text.AppendLine(markdown ? $"| {string.Join(" | ", cells)} |" : string.Join("  ", cells));
            if (i == 0 && markdown)
            {
                var rules = widths.Select((width, column) => new string('-', width + 1) + (column == 0 ? "-" : ":"));
                text.AppendLine($"|{string.Join("|", rules)}|");
            }
        }
    }
}
