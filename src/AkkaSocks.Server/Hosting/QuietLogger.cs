using Akka.Event;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Server.Hosting;

/// <summary>Akka's logger to standard output from the level on that <see cref="LogLevelSwitch"/> says, and but at level debug without what
/// Akka itself says at level info: news for its developers, not for whoever runs a proxy.</summary>
/// <remarks>A logger and not one of Akka's log filters: where there is any of those, lines lose their time, their level and the
/// exception they report.</remarks>
internal sealed class QuietLogger : DefaultLogger
{
    private const string AkkaNamespace = "Akka.";

    // Remoting says goodbye under a name of its own, of no namespace.
    private const string AkkaTerminator = "remoting-terminator";

    /// <summary>The configuration that makes it the logger.</summary>
    public static readonly string Hocon = $$"""
        akka {
          loggers = ["{{typeof(QuietLogger).AssemblyQualifiedName}}"]
          stdout-logger-class = "{{typeof(QuietLastLogger).AssemblyQualifiedName}}"
        }
        """;

    private readonly LogLevelSwitch? _level = Context.System.Settings.Setup.Get<LogLevelSwitch>() is { HasValue: true } found ? found.Value : null;

    /// <summary>Made by Akka, which writes through the logger of standard output whatever passes here.</summary>
    public QuietLogger()
    {
        if (Context.System.Settings.StdoutLogger is not QuietLastLogger last)
            return;
        last.Level = _level;
        last.Lines = Context.System.Settings.Setup.Get<ProcessLog>() is { HasValue: true } lines ? lines.Value : null;
    }

    /// <inheritdoc/>
    protected override void Print(LogEvent logEvent)
    {
        if (_level?.Lets(logEvent) ?? IsOfUse(logEvent))
            base.Print(logEvent);
    }

    internal static bool IsOfUse(LogEvent logEvent) => logEvent.LogLevel() > LogLevel.InfoLevel
        || !((logEvent.LogClass.FullName ?? "").StartsWith(AkkaNamespace, StringComparison.Ordinal)
            || logEvent.LogSource.StartsWith(AkkaTerminator, StringComparison.Ordinal));
}

/// <summary>The same for what is said before the logger has started and after it has stopped. All lines come by here, and are noted for
/// operators.</summary>
internal sealed class QuietLastLogger : StandardOutLogger
{
    /// <summary>From which level on it writes, once that is known.</summary>
    public LogLevelSwitch? Level { get; set; }

    /// <summary>Where it notes what it writes, once that is known.</summary>
    public ProcessLog? Lines { get; set; }

    /// <inheritdoc/>
    protected override void Log(object message)
    {
        if (message is not LogEvent logEvent)
        {
            base.Log(message);
        }
        else if (Level?.Lets(logEvent) ?? QuietLogger.IsOfUse(logEvent))
        {
            base.Log(message);
            Lines?.Add(new DateTimeOffset(logEvent.Timestamp).ToUnixTimeMilliseconds(), logEvent.LogLevel(), logEvent.LogSource, TextOf(logEvent));
        }
    }

    private static string TextOf(LogEvent line) => line.Cause is { } cause ? $"{line.Message}\n{cause}" : $"{line.Message}";
}
