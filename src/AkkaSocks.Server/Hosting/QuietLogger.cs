using Akka.Event;

namespace AkkaSocks.Server.Hosting;

/// <summary>Akka's logger to standard output without what Akka itself says at level info: news for its developers, not for
/// whoever runs a proxy. Warnings and errors stay, and so does everything of ours. Not used at level debug.</summary>
/// <remarks>A logger and not one of Akka's log filters: where there is any of those, lines lose their time, their level and the
/// exception they report.</remarks>
internal sealed class QuietLogger : DefaultLogger
{
    private const string AkkaNamespace = "Akka.";

    // Remoting says goodbye under a name of its own, of no namespace.
    private const string AkkaTerminator = "remoting-terminator";

    /// <summary>The configuration that makes it the logger.</summary>
    public static readonly string Hocon = $"akka.loggers = [\"{typeof(QuietLogger).AssemblyQualifiedName}\"]";

    /// <inheritdoc/>
    protected override void Print(LogEvent logEvent)
    {
        if (logEvent.LogLevel() > LogLevel.InfoLevel || !IsOfAkka(logEvent))
            base.Print(logEvent);
    }

    private static bool IsOfAkka(LogEvent logEvent) =>
        (logEvent.LogClass.FullName ?? "").StartsWith(AkkaNamespace, StringComparison.Ordinal)
        || logEvent.LogSource.StartsWith(AkkaTerminator, StringComparison.Ordinal);
}
