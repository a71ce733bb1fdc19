using System.Collections.Immutable;

namespace AkkaSocks.Proxy.Settings.Exchanges;

/// <summary><c>mitm.capture</c>: what is kept of exchanges, in memory, for whoever has the admin API's token.</summary>
internal sealed record CaptureSettings
{
    /// <summary><c>capture.level</c>.</summary>
    public required CaptureLevel Level { get; init; }

    /// <summary><c>capture.ring</c>: exchanges at most.</summary>
    public required int Ring { get; init; }

    /// <summary><c>capture.memory-budget</c>: bytes at most, about.</summary>
    public required int MemoryBudget { get; init; }

    /// <summary><c>capture.body-limit</c>: of each body, its first bytes.</summary>
    public required int BodyLimit { get; init; }

    /// <summary><c>capture.redact-fields</c>.</summary>
    public required ImmutableArray<string> RedactFields { get; init; }

    /// <summary><c>capture.redact-params</c>: globs of names in queries and forms.</summary>
    public required ImmutableArray<string> RedactParameters { get; init; }

    /// <summary><c>capture.read-token</c>: <c>admin.read-token</c> shows them too.</summary>
    public required bool IsForReaders { get; init; }
}

/// <summary>How much is kept.</summary>
internal enum CaptureLevel
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>Request and status lines, fields and times.</summary>
    Headers,

    /// <summary>Bodies as well.</summary>
    Bodies,
}
