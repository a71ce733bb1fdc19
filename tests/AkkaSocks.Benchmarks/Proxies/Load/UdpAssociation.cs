using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>A UDP association: its control connection, and a UDP socket that is connected to the relay.</summary>
internal sealed class UdpAssociation : IDisposable
{
    private readonly Socket _control;
    private readonly Socket _datagrams;

    private UdpAssociation(Socket control, Socket datagrams) => (_control, _datagrams) = (control, datagrams);

    /// <summary>The UDP socket, which never blocks.</summary>
    public int Fd => (int)_datagrams.Handle;

    /// <summary>Datagrams sent and not answered.</summary>
    public int InFlight { get; set; }

    /// <summary>When the last answer came; stopwatch ticks.</summary>
    public long LastAnswer { get; set; }

    /// <summary>Opens the <paramref name="n"/>th of a load; throws <see cref="InvalidOperationException"/> when it is
    /// refused.</summary>
    public static UdpAssociation Open(Route route, int n)
    {
        var address = IPAddress.Parse($"127.0.0.{1 + (n % Route.Spread)}");
        var control = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000 };
        try
        {
            control.Bind(new IPEndPoint(address, 0));
            control.Connect(route.Proxy);
            control.Send([5, 1, 0]);
            Receive(control, 2);
            control.Send([5, 3, 0, 1, 0, 0, 0, 0, 0, 0]);
            var reply = Receive(control, 10);
            if (reply is not [5, 0, 0, 1, ..])
            {
                throw new InvalidOperationException($"the answer to UDP ASSOCIATE was {Convert.ToHexString(reply)}");
            }

            var relay = new IPEndPoint(new IPAddress(reply[4..8]), (reply[8] << 8) | reply[9]);
            if (relay.Address.Equals(IPAddress.Any))
            {
                relay.Address = route.Proxy.Address;
            }

            var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            datagrams.Bind(new IPEndPoint(address, 0));
            datagrams.Connect(relay);
            return new UdpAssociation(control, datagrams);
        }
        catch (SocketException failure)
        {
            control.Dispose();
            throw new InvalidOperationException($"association {n}: {failure.SocketErrorCode}", failure);
        }
    }

    public void Dispose()
    {
        _datagrams.Dispose();
        _control.Dispose();
    }

    private static byte[] Receive(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var n = socket.Receive(bytes.AsSpan(got));
            got += n > 0 ? n : throw new InvalidOperationException("closed while an association was opened");
        }

        return bytes;
    }
}
