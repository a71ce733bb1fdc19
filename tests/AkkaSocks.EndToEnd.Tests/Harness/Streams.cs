using System.Net.Sockets;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>What sockets lack: all of it.</summary>
internal static class Streams
{
    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>Everything up to the end of the stream.</summary>
    public static async Task<byte[]> ReceiveToEndAsync(this Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer) is var n and > 0)
            all.Write(buffer, 0, n);
        return all.ToArray();
    }

    /// <summary>The data of the next of server-sent events; null at the end of the stream.</summary>
    public static async Task<string?> NextEventAsync(this StreamReader stream)
    {
        const string Prefix = "data: ";
        string? line;
        do
            line = await stream.ReadLineAsync().InTime();
        while (line?.StartsWith(Prefix, StringComparison.Ordinal) == false);
        return line?[Prefix.Length..];
    }

    /// <summary>Reads and drops so many bytes.</summary>
    public static async Task DiscardAsync(this Socket socket, long count)
    {
        var buffer = new byte[64 * 1024];
        while (count > 0)
        {
            var n = await socket.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)));
            if (n == 0)
                throw new EndOfStreamException($"End of stream {count} bytes early.");
            count -= n;
        }
    }
}
