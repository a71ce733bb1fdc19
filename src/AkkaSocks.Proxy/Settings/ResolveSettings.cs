namespace AkkaSocks.Proxy.Settings;

/// <summary><c>resolve</c>: Tor's RESOLVE and RESOLVE_PTR.</summary>
internal sealed record ResolveSettings
{
    /// <summary><c>resolve.enabled</c>.</summary>
    public required bool Enabled { get; init; }
}
