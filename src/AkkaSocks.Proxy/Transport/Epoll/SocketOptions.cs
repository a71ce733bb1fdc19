namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// What every TCP socket gets: no Nagle delay, and keep-alive, so that a host that vanished is
/// noticed after 60 + 5 × 10 s. Accepted sockets inherit all of it from the listening one, which saves four calls each.
/// </summary>
internal static class SocketOptions
{
    private const int KeepAliveIdleSeconds = 60, KeepAliveIntervalSeconds = 10, KeepAliveProbes = 5;

    /// <summary>Sets the options.</summary>
    public static void ApplyTo(int fd)
    {
        Native.SetOption(fd, Native.IpProtoTcp, Native.TcpNoDelay, 1);
        Native.SetOption(fd, Native.SolSocket, Native.SoKeepAlive, 1);
        Native.SetOption(fd, Native.IpProtoTcp, Native.TcpKeepIdle, KeepAliveIdleSeconds);
        Native.SetOption(fd, Native.IpProtoTcp, Native.TcpKeepInterval, KeepAliveIntervalSeconds);
        Native.SetOption(fd, Native.IpProtoTcp, Native.TcpKeepCount, KeepAliveProbes);
    }
}
