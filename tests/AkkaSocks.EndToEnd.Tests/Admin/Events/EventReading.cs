using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Admin.Events;

/// <summary>A reader on a socket of its own, which reads when the test does.</summary>
internal sealed class EventReading : IDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;

    private EventReading(TcpClient client) => (_client, _reader) = (client, new StreamReader(client.GetStream(), Encoding.UTF8, false, 512));

    public string ContentType { get; private set; } = "";

    public static async Task<EventReading> OpenAsync(AdminNode node, string path = "/v1/events", int receiveBuffer = 0)
    {
        var client = new TcpClient();
        if (receiveBuffer > 0)
            client.ReceiveBufferSize = receiveBuffer;
        await client.ConnectAsync(node.Bound);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {AdminNode.Token}\r\n\r\n"));
        var reading = new EventReading(client);
        for (string? line; (line = await reading._reader.ReadLineAsync().InTime()) is not (null or "");)
        {
            if (line.StartsWith("Content-Type: ", StringComparison.Ordinal))
                reading.ContentType = line["Content-Type: ".Length..];
        }

        // The feed is asked before the first byte is sent: from here on it tells.
        while (await reading._reader.ReadLineAsync().InTime() != ":")
        {
        }

        return reading;
    }

    /// <summary>The next event; what belongs to the chunks of HTTP is passed over.</summary>
    public async Task<(string Name, JsonElement Document)> NextAsync()
    {
        var name = "";
        while (true)
        {
            var line = await _reader.ReadLineAsync().InTime() ?? throw new EndOfStreamException();
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (name, JsonDocument.Parse(line["data: ".Length..]).RootElement);
        }
    }

    /// <summary>Reads events until so many have come or were told to be lost.</summary>
    /// <returns>How many have come, and how many were lost.</returns>
    public async Task<(long Seen, long Lost)> CountAsync(int until)
    {
        var (seen, lost) = (0L, 0L);
        while (seen + lost < until)
        {
            var (name, document) = await NextAsync();
            if (name == "lost")
                lost += document.GetProperty("count").GetInt64();
            else
                seen++;
        }

        return (seen, lost);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }
}
