using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Transport;

/// <summary>Two connections joined by their lane, which moves the bytes without anyone looking at them.</summary>
internal abstract class Tunnel
{
    /// <summary>Bytes taken from the client so far.</summary>
    public abstract long ClientToDestination { get; }

    /// <summary>Bytes taken from the destination so far.</summary>
    public abstract long DestinationToClient { get; }

    /// <summary>When a byte last moved or a side last closed, on the clock of <see cref="Deadlines.Now"/>.</summary>
    public abstract long LastActivity { get; }

    /// <summary>One direction has ended and the other has not.</summary>
    public abstract bool IsHalfClosed { get; }

    /// <summary>Resets both connections and reports <paramref name="end"/>. Harmless when the tunnel has ended.</summary>
    public abstract void Stop(SessionEnd end);
}

/// <summary>Who is told how a <see cref="Tunnel"/> goes, on the thread that moved the bytes.</summary>
internal interface ITunnelOwner
{
    /// <summary>One direction has ended: from now on <see cref="Tunnel.IsHalfClosed"/>.</summary>
    void OnHalfClosed();

    /// <summary>The tunnel is over and both connections are closed. Called once.</summary>
    void OnEnded(SessionEnd end);
}
