using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Sessions;

/// <summary>How long, and how much, a refused client is still listened to so that the refusal reaches it.</summary>
internal static class Lingering
{
    /// <summary>The time after which the connection is closed whatever it does.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private const int MostBytes = 64 * 1024;

    /// <summary>Reads and drops.</summary>
    /// <param name="client">The connection; its sending side is shut down.</param>
    /// <param name="dropped">Bytes dropped so far.</param>
    /// <returns>True when there is nothing left to wait for.</returns>
    public static bool Drain(Connection client, ref int dropped)
    {
        Span<byte> sink = stackalloc byte[2048];
        while (client.IsReadable)
        {
            var read = client.Read(sink);
            if (read.Status is IoStatus.EndOfStream or IoStatus.Failed || (dropped += read.Bytes) > MostBytes)
                return true;
            if (read.Status == IoStatus.WouldBlock)
                return false;
        }

        return false;
    }
}
