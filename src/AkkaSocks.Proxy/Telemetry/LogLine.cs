using System.Text;
using Akka.Event;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>A line of the process log, or several where it reports an exception.</summary>
/// <param name="Number">Its place among all lines since the start of the process, from 1 on.</param>
/// <param name="At">When: milliseconds since 1970.</param>
/// <param name="Level">How grave it is.</param>
/// <param name="Source">Who says it.</param>
/// <param name="Text">What, with the exception behind it.</param>
internal sealed record LogLine(long Number, long At, LogLevel Level, string Source, string Text)
{
    // Half the frame of 128,000 bytes that remoting would drop without a word.
    private const int MostBytes = 56_000;
    private const int BytesBesidesTexts = 40;

    /// <summary>The latest of some lines, as many as fit into a frame, in their order.</summary>
    public static IReadOnlyList<LogLine> Fitting(IReadOnlyList<LogLine> lines)
    {
        var from = lines.Count;
        for (var left = MostBytes; from > 0 && (left -= lines[from - 1].Size) >= 0;)
            from--;
        return [.. lines.Skip(from)];
    }

    private int Size => BytesBesidesTexts + Encoding.UTF8.GetByteCount(Source) + Encoding.UTF8.GetByteCount(Text);
}
