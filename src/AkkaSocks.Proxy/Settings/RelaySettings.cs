namespace AkkaSocks.Proxy.Settings;

/// <summary><c>relay</c>: how bytes are carried.</summary>
internal sealed record RelaySettings
{
    /// <summary><c>relay.engine</c>.</summary>
    public required RelayEngine Engine { get; init; }

    /// <summary><c>relay.idle-timeout</c>; zero means never.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary><c>relay.half-close-timeout</c>.</summary>
    public required TimeSpan HalfCloseTimeout { get; init; }
}

/// <summary>Who moves the bytes of a relay.</summary>
internal enum RelayEngine
{
    /// <summary>The tunnel where the transport has event loops, else the flow.</summary>
    Auto,

    /// <summary>One stage; the event loop moves the bytes.</summary>
    Tunnel,

    /// <summary>A source and a sink per direction; elements of pooled memory.</summary>
    Flow,

    /// <summary>The tunnel without a graph around it; where there is no tunnel, the flow.</summary>
    Bare,
}
