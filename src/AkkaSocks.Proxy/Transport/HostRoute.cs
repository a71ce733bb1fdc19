using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport;

/// <summary>Which of this host's addresses is seen by others.</summary>
internal static class HostRoute
{
    // Any would do: nothing is sent.
    private const int DiscardPort = 9;

    /// <summary>The address that connections to <paramref name="remote"/> leave from; null without a route to it.</summary>
    public static IPAddress? LocalAddressTowards(IPAddress remote)
    {
        try
        {
            // Connecting a UDP socket only looks the route up.
            using var probe = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(new IPEndPoint(remote, DiscardPort));
            return ((IPEndPoint)probe.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
