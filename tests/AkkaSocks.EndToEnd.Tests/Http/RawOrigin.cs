using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Http;

/// <summary>An origin that keeps the heads it gets as they came, and answers 204 to each.</summary>
internal sealed class RawOrigin : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Origin _origin;

    private RawOrigin() => _origin = Origin.Serving(ServeAsync);

    public int Port => _origin.Endpoint.Port;

    public IReadOnlyCollection<string> Requests => _requests;

    public static Task<RawOrigin> StartAsync() => Task.FromResult(new RawOrigin());

    public ValueTask DisposeAsync()
    {
        _origin.Dispose();
        return default;
    }

    private async Task ServeAsync(Socket connection)
    {
        var received = "";
        var buffer = new byte[64 * 1024];
        while (await connection.ReceiveAsync(buffer) is var n and > 0)
        {
            received += Encoding.Latin1.GetString(buffer, 0, n);
            while (received.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0)
            {
                _requests.Enqueue(received[..(end + 4)]);
                received = received[(end + 4)..];
                await connection.SendAllAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
            }
        }
    }
}
