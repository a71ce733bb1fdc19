using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaSocks.Mitm.Tests.Harness;

/// <summary>An origin that sees bytes: keeps the heads it gets, and answers with bytes of the test.</summary>
internal sealed class ScriptedOrigin : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<string> _heads = [];
    private readonly Func<string, byte[]> _answer;
    private readonly bool _closes;

    /// <summary>Answers each head.</summary>
    /// <param name="answer">Bytes for a head.</param>
    /// <param name="closes">Ends the connection behind the first answer, with a reset.</param>
    public ScriptedOrigin(Func<string, byte[]> answer, bool closes = false)
    {
        (_answer, _closes) = (answer, closes);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public IReadOnlyList<string> Heads
    {
        get
        {
            lock (_heads)
                return [.. _heads];
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using (connection)
        {
            var received = "";
            var buffer = new byte[64 * 1024];
            try
            {
                while (await connection.ReceiveAsync(buffer) is var n and > 0)
                {
                    received += Encoding.Latin1.GetString(buffer, 0, n);
                    while (received.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0)
                    {
                        var head = received[..(end + 4)];
                        received = received[(end + 4)..];
                        lock (_heads)
                            _heads.Add(head);
                        await connection.SendAsync(_answer(head));
                        if (!_closes)
                            continue;
                        connection.LingerState = new LingerOption(true, 0);
                        return;
                    }
                }
            }
            catch (SocketException)
            {
                // Whoever it talked to has gone.
            }
        }
    }
}
