namespace AkkaSocks.Proxy.Settings;

/// <summary><c>log.rotation</c>: of <c>log.sessions.file</c> and <c>log.failed-logins.file</c>.</summary>
internal sealed record LogRotationSettings
{
    /// <summary><c>log.rotation.max-size</c>, in bytes; null for no limit. Enforced by RotatingFile.</summary>
    public required long? MaxBytes { get; init; }

    /// <summary><c>log.rotation.max-age</c>; zero for no limit. Enforced by RotatingFile.</summary>
    public required TimeSpan MaxAge { get; init; }

    /// <summary><c>log.rotation.keep</c>: files kept besides the one that is written.</summary>
    public required int Keep { get; init; }
}
