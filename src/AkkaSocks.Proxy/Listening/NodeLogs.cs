using AkkaSocks.Proxy.Files;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Listening;

/// <summary>Opens what sessions are written down in.</summary>
internal static class NodeLogs
{
    /// <summary>The session log, and with it that of failed logins.</summary>
    /// <exception cref="LogUnavailableException">A file cannot be written.</exception>
    public static SessionLog Open(ProxySettings settings)
    {
        var line = new SessionLine(settings.NodeName);
        var log = settings.Log;
        var failures = log.FailedLoginsFile.Length == 0
            ? null
            : new SessionLog(OpenFile("log.failed-logins.file", log.FailedLoginsFile, log.Rotation), line.WriteFailedLogin, log.SessionsQueue);
        return log.Sessions switch
        {
            SessionLogFormat.Json => new SessionLog(Output(), line.WriteJson, log.SessionsQueue, failures),
            SessionLogFormat.Text => new SessionLog(Output(), line.WriteText, log.SessionsQueue, failures),
            _ => new SessionLog(null, line.WriteText, log.SessionsQueue, failures),
        };

        // Unbuffered: the log gathers lines itself, and a line that could not be written must not come back later.
        Stream Output() => log.SessionsFile.Length == 0
            ? Console.OpenStandardOutput()
            : OpenFile("log.sessions.file", log.SessionsFile, log.Rotation);
    }

    private static RotatingFile OpenFile(string key, string file, LogRotationSettings rotation)
    {
        try
        {
            return new RotatingFile(file, rotation.MaxBytes, rotation.MaxAge, rotation.Keep, TimeProvider.System);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new LogUnavailableException(key, file, cause);
        }
    }
}
