using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>Ports to listen on, from below the range that the system takes ephemeral ports from; each is given out
/// once.</summary>
internal sealed class Ports
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private int _next = First;

    /// <summary>The next that nobody has.</summary>
    public int Next()
    {
        while (_next < Last)
        {
            var port = _next++;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                continue;
            }
        }

        throw new InvalidOperationException($"no free port between {First} and {Last}");
    }
}
