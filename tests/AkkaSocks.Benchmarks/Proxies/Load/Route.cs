using System.Net;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>How a load reaches the origin.</summary>
/// <param name="Proxy">What is connected to.</param>
/// <param name="Destination">What a SOCKS request asks for; its address is the first of <see cref="Spread"/>.</param>
/// <param name="Socks">False: nothing is said to the proxy (a TCP forwarder, or the origin itself).</param>
/// <param name="Credentials">Offered instead of no authentication when there are any.</param>
internal sealed record Route(IPEndPoint Proxy, IPEndPoint Destination, bool Socks, Credentials? Credentials)
{
    /// <summary>Client addresses, and destination addresses: 16 times the ports of one address, so that those in TIME_WAIT never
    /// are all of them.</summary>
    public const int Spread = 16;
}

/// <summary>A user name and password (RFC 1929).</summary>
internal sealed record Credentials(string User, string Password);
