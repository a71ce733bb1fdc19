namespace AkkaSocks.Proxy.Settings;

/// <summary><c>log</c>.</summary>
internal sealed record LogSettings
{
    /// <summary><c>log.level</c>: of the process log.</summary>
    public required LogLevelSetting Level { get; init; }

    /// <summary><c>log.sessions.format</c>: the line written for each ended session.</summary>
    public required SessionLogFormat Sessions { get; init; }

    /// <summary><c>log.sessions.file</c>: where those lines go; empty is standard output.</summary>
    public required string SessionsFile { get; init; }

    /// <summary><c>log.sessions.queue</c>: lines that may wait for the writer; more are dropped and counted.</summary>
    public required int SessionsQueue { get; init; }

    /// <summary><c>log.failed-logins.file</c>: where a line per failed login goes; empty is nowhere.</summary>
    public required string FailedLoginsFile { get; init; }

    /// <summary><c>log.rotation</c>.</summary>
    public required LogRotationSettings Rotation { get; init; }

    /// <summary><c>log.audit.file</c>: where a line per change by an operator goes; empty is the process log.</summary>
    public required string AuditFile { get; init; }
}

/// <summary>An entry of <c>log.level</c>.</summary>
internal enum LogLevelSetting
{
    /// <summary>Everything.</summary>
    Debug,

    /// <summary>What an operator wants to see.</summary>
    Info,

    /// <summary>What may need a hand.</summary>
    Warning,

    /// <summary>What does need a hand.</summary>
    Error,
}

/// <summary>An entry of <c>log.sessions.format</c>.</summary>
internal enum SessionLogFormat
{
    /// <summary>No line.</summary>
    Off,

    /// <summary>One readable line.</summary>
    Text,

    /// <summary>One JSON object.</summary>
    Json,
}
