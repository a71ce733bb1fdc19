using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A destination on loopback whose connections the test handles one by one.</summary>
internal sealed class Origin : IDisposable
{
    private readonly Socket _listener;

    public Origin(IPAddress? address = null)
    {
        _listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        if ((address ?? IPAddress.Loopback).AddressFamily == AddressFamily.InterNetwork)
        {
            _listener.Dispose();
            _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        }

        _listener.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        _listener.Listen(4096);
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>An origin that sends back what it gets, and FIN after FIN.</summary>
    public static Origin Echo()
    {
        var origin = new Origin();
        _ = origin.ServeAsync(async connection =>
        {
            var buffer = new byte[64 * 1024];
            while (await connection.ReceiveAsync(buffer) is var n and > 0)
                await connection.SendAsync(buffer.AsMemory(0, n));
            connection.Shutdown(SocketShutdown.Send);
        });
        return origin;
    }

    public Task<Socket> AcceptAsync() => _listener.AcceptAsync().InTime();

    /// <summary>True when a client waits to be accepted.</summary>
    public bool HasClient => _listener.Poll(0, SelectMode.SelectRead);

    /// <summary>Serves every connection until the origin is disposed of.</summary>
    public async Task ServeAsync(Func<Socket, Task> serve)
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
                    // The client's affair; the test asserts on its side.
                }
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}
