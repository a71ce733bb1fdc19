using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A destination on loopback, served with raw sockets.</summary>
internal sealed class Origin : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket? _filler;

    private Origin(int backlog, IPAddress? address = null)
    {
        _listener.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        _listener.Listen(backlog);
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Serves every connection until it is disposed of.</summary>
    public static Origin Serving(Func<Socket, Task> serve, IPAddress? address = null)
    {
        var origin = new Origin(backlog: 4096, address);
        _ = origin.ServeAsync(serve);
        return origin;
    }

    /// <summary>Sends back what it gets, and FIN after FIN.</summary>
    public static Origin Echo(IPAddress? address = null) => Serving(
        async connection =>
        {
            var buffer = new byte[16 * 1024];
            while (await connection.ReceiveAsync(buffer) is var n and > 0)
                await connection.SendAllAsync(buffer.AsMemory(0, n));
            connection.Shutdown(SocketShutdown.Send);
        },
        address);

    /// <summary>Sends without end.</summary>
    public static Origin Endless()
    {
        var piece = new byte[64 * 1024];
        return Serving(async connection =>
        {
            while (true)
                await connection.SendAllAsync(piece);
        });
    }

    /// <summary>Reads what comes and never says a word.</summary>
    public static Origin Mute() => Serving(async connection => await connection.ReceiveToEndAsync());

    /// <summary>Sends RST as soon as it has received something: earlier, the connection might never have been one.</summary>
    public static Origin Resetting() => Serving(async connection =>
    {
        await connection.ReceiveAsync(new byte[1]);
        connection.LingerState = new LingerOption(true, 0);
    });

    /// <summary>Answers no connection attempt: its queue is full and stays so.</summary>
    public static async Task<Origin> UnansweringAsync()
    {
        var origin = new Origin(backlog: 0);
        var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await filler.ConnectAsync(origin.Endpoint).InTime();
        origin._filler = filler;
        return origin;
    }

    public void Dispose()
    {
        _filler?.Dispose();
        _listener.Dispose();
    }

    private async Task ServeAsync(Func<Socket, Task> serve)
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }

        async Task Serve(Socket connection)
        {
            using (connection)
            {
                try
                {
                    await serve(connection);
                }
                catch (SocketException)
                {
                    // The proxy's affair; the test asserts on its side.
                }
            }
        }
    }
}
