using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

/// <summary>
/// The way to a node, which a test can cut. It listens on 127.0.0.1, the node on the same port of 127.0.0.2, and the node tells
/// others to use the link. While it is cut, connections break and new ones fail.
/// </summary>
internal sealed class CuttableLink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _open = [];
    private bool _isCut;

    public CuttableLink()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut()
    {
        lock (_open)
        {
            _isCut = true;
            CloseAll();
        }
    }

    public void Heal()
    {
        lock (_open)
            _isCut = false;
    }

    public void Dispose()
    {
        Cut();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient from)
    {
        using var to = new TcpClient();
        using (from)
        {
            try
            {
                await to.ConnectAsync(IPAddress.Parse("127.0.0.2"), Port);
                lock (_open)
                {
                    if (_isCut)
                        return;
                    _open.AddRange([from, to]);
                }

                await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), to.GetStream().CopyToAsync(from.GetStream()));
            }
            catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException)
            {
                // As it is meant to.
            }
        }
    }

    private void CloseAll()
    {
        foreach (var connection in _open)
            connection.Close();
        _open.Clear();
    }
}
