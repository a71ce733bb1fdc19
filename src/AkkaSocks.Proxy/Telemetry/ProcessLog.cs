using Akka.Actor.Setup;
using Akka.Event;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>
/// The last lines of the process log, for operators who have no hold of its file: what has been written, not what might have been.
/// Whoever logs waits for nobody. For any thread. Part of an ActorSystem's setup, since its logger is made by Akka.
/// </summary>
internal sealed class ProcessLog : Setup
{
    /// <summary>Lines that are kept.</summary>
    public const int Kept = 500;

    /// <summary>Characters of a line that are kept; an exception with its stack has some 3,000.</summary>
    public const int MostChars = 4000;

    private const string Cut = "...";

    private readonly Lock _turn = new();
    private readonly LogLine[] _lines = new LogLine[Kept];
    private long _last;

    /// <summary>The number of the latest line; 0 when there is none.</summary>
    public long Last
    {
        get
        {
            lock (_turn)
                return _last;
        }
    }

    /// <summary>A line was written.</summary>
    /// <inheritdoc cref="LogLine(long, long, LogLevel, string, string)"/>
    public void Add(long at, LogLevel level, string source, string text)
    {
        if (text.Length > MostChars)
            text = text[..(MostChars - Cut.Length)] + Cut;
        lock (_turn)
        {
            _last++;
            _lines[_last % Kept] = new LogLine(_last, at, level, source, text);
        }
    }

    /// <summary>The lines after one, from a level on, in their order.</summary>
    /// <param name="number">The number of the one, 0 for all; then that of the latest line, whatever its level.</param>
    /// <param name="level">The least grave that are wanted.</param>
    /// <param name="lost">How many lines after it, of whatever level, are not there any more.</param>
    public List<LogLine> Since(ref long number, LogLevel level, out long lost)
    {
        lock (_turn)
        {
            var first = Math.Max(number, _last - Kept) + 1;
            lost = first - number - 1;
            number = _last;
            var lines = new List<LogLine>();
            for (var next = first; next <= _last; next++)
            {
                if (_lines[next % Kept] is var line && line.Level >= level)
                    lines.Add(line);
            }

            return lines;
        }
    }

    /// <summary>The latest lines from a level on, as many as are wanted and there, in their order.</summary>
    public IReadOnlyList<LogLine> Latest(LogLevel level, int count)
    {
        var number = 0L;
        return [.. Since(ref number, level, out _).TakeLast(count)];
    }
}
