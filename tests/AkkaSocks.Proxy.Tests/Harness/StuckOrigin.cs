using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>
/// A destination on loopback that neither accepts nor refuses: its accept queue is full, so the kernel drops each SYN. After
/// <see cref="AcceptAsync"/> the SYN that is sent again, a second or so later, succeeds.
/// </summary>
internal sealed class StuckOrigin : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _fillers = [];

    private StuckOrigin()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

    public static async Task<StuckOrigin> StartAsync()
    {
        var origin = new StuckOrigin();
        for (var connected = true; connected;)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            try
            {
                await filler.ConnectAsync(origin.Endpoint, patience.Token);
                origin._fillers.Add(filler);
            }
            catch (OperationCanceledException)
            {
                filler.Dispose();
                connected = false;
            }
        }

        return origin;
    }

    /// <summary>Accepts the connection that was not one of the fillers.</summary>
    public async Task<Socket> AcceptAsync()
    {
        var fillers = _fillers.Select(it => it.LocalEndPoint).ToHashSet();
        while (true)
        {
            var accepted = await _listener.AcceptAsync().InTime();
            if (!fillers.Contains(accepted.RemoteEndPoint))
                return accepted;
            accepted.Dispose();
        }
    }

    public void Dispose()
    {
        _fillers.ForEach(it => it.Dispose());
        _listener.Dispose();
    }
}
