namespace AkkaSocks.Proxy.Settings;

/// <summary><c>config</c>: how the configuration itself is followed.</summary>
internal sealed record ConfigSettings
{
    /// <summary><c>config.watch</c>: reloads when its files change.</summary>
    public required bool Watch { get; init; }
}
