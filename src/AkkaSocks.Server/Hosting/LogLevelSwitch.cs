using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Server.Hosting;

/// <summary>
/// From which level on the process log is written, to be changed while the node runs. <see cref="QuietLogger"/> asks it for every line:
/// Akka itself fixes the level of whoever logs when that is made.
/// </summary>
/// <remarks>What is said at level debug comes from those that are made after the switch was turned there, or of a node started at it.
/// </remarks>
internal sealed class LogLevelSwitch(LogLevelSetting level) : Setup
{
    private volatile LogLevelSetting _level = level;

    /// <summary>The level.</summary>
    public LogLevelSetting Level => _level;

    /// <summary>The level that Akka must publish from, so that nothing is missing whatever the switch is turned to.</summary>
    public static LogLevel Published(LogLevelSetting level) => level == LogLevelSetting.Debug ? LogLevel.DebugLevel : LogLevel.InfoLevel;

    /// <summary>Turns it.</summary>
    public void Turn(LogLevelSetting to, ActorSystem system)
    {
        system.EventStream.SetLogLevel(Published(to));
        _level = to;
    }

    /// <summary>Whether a line is written.</summary>
    public bool Lets(LogEvent line) => _level switch
    {
        LogLevelSetting.Debug => true,
        LogLevelSetting.Info => QuietLogger.IsOfUse(line),
        LogLevelSetting.Warning => line.LogLevel() >= LogLevel.WarningLevel,
        _ => line.LogLevel() >= LogLevel.ErrorLevel,
    };
}
