using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Server.Admin;

/// <summary>
/// The listening socket of the admin API. It is had before anything else starts, so that a port in use is known at once, and so
/// that the proxy knows the address, which no client may reach, before its first client. Until the API answers, connections wait
/// in the kernel.
/// </summary>
internal sealed class AdminSocket
{
    // For people and health checks, not for load.
    private const int Backlog = 64;

    /// <summary>Listens.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public AdminSocket(IPEndPoint endpoint)
    {
        Socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Socket.Bind(endpoint);
            Socket.Listen(Backlog);
        }
        catch (SocketException)
        {
            Socket.Dispose();
            throw;
        }

        Bound = (IPEndPoint)Socket.LocalEndPoint!;
    }

    /// <summary>The socket; whoever serves on it closes it.</summary>
    public Socket Socket { get; }

    /// <summary>Where it listens, the port never being 0.</summary>
    public IPEndPoint Bound { get; }
}
