using System.Text;

namespace AkkaSocks.Protocol.Tests;

/// <summary>A server's reading side: greeting, credentials, request, each decoded as soon as it is whole.</summary>
internal static class Conversation
{
    /// <summary>Reads a stream that comes in pieces of these sizes, used in turn: what was read, and what is left.</summary>
    internal static string Read(byte[] stream, int[] sizes)
    {
        var log = new StringBuilder();
        Queue<Message> expected = new([Message.Greeting, Message.Credentials, Message.Request]);
        byte[] buffer = [];
        for (int received = 0, piece = 0; received < stream.Length; piece++)
        {
            int size = Math.Min(sizes[piece % sizes.Length], stream.Length - received);
            buffer = [.. buffer, .. stream.AsSpan(received, size)];
            received += size;

            while (expected.TryPeek(out Message message)
                && message.Decode(buffer) is { Status: not DecodeStatus.NeedMore } decoded)
            {
                log.Append($"{message} {decoded.Status} {decoded.Value} | ");
                buffer = buffer[decoded.Length..];
                expected.Dequeue();
                if (decoded.Status == DecodeStatus.Malformed)
                    expected.Clear();
            }
        }

        return log.Append(Convert.ToHexString(buffer)).ToString();
    }
}
