using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaSocks.Protocol;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A client that says exactly the bytes a test wants.</summary>
internal sealed class SocksClient : IDisposable
{
    public SocksClient(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    /// <param name="proxy">Where to.</param>
    /// <param name="from">The address to come from; null for whichever the system takes.</param>
    public static async Task<SocksClient> ConnectAsync(IPEndPoint proxy, IPAddress? from = null)
    {
        var socket = new Socket(proxy.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(proxy).InTime();
        return new SocksClient(socket);
    }

    /// <summary>The bytes of a request.</summary>
    public static byte[] RequestFor(EndPoint destination, Command command = Command.Connect)
    {
        var target = destination switch
        {
            IPEndPoint ip => Destination.OfAddress(ip.Address, (ushort)ip.Port),
            DnsEndPoint dns when Destination.TryOfName(System.Text.Encoding.ASCII.GetBytes(dns.Host), (ushort)dns.Port, out var name) => name,
            _ => throw new ArgumentException("Not a destination.", nameof(destination)),
        };
        var bytes = new byte[Request.MaxLength];
        return bytes[..Request.Write(bytes, command, target)];
    }

    public Task SendAsync(params byte[] bytes) => Socket.SendAsync(bytes).InTime();

    /// <summary>Exactly <paramref name="count"/> bytes.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var n = await Socket.ReceiveAsync(bytes.AsMemory(got)).AsTask().InTime();
            if (n == 0)
                throw new EndOfStreamException($"End of stream after {got} of {count} bytes: {Convert.ToHexString(bytes[..got])}");
            got += n;
        }

        return bytes;
    }

    /// <summary>Everything up to the end of the stream.</summary>
    public async Task<byte[]> ReceiveToEndAsync()
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await Socket.ReceiveAsync(buffer).InTime() is var n and > 0)
            all.Write(buffer, 0, n);
        return all.ToArray();
    }

    /// <summary>These bytes next, whatever follows.</summary>
    public async Task ExpectAsync(params byte[] expected) =>
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(await ReceiveAsync(expected.Length)));

    /// <summary>These bytes, nothing else, and then FIN: a reset fails the test.</summary>
    public async Task ExpectLastAsync(params byte[] expected) =>
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(await ReceiveToEndAsync()));

    /// <summary>No authentication, CONNECT; returns the BND address.</summary>
    public async Task<Destination> HandshakeAsync(EndPoint destination)
    {
        await SendAsync(5, 1, 0);
        Assert.Equal(new byte[] { 5, 0 }, await ReceiveAsync(2));
        await SendAsync(RequestFor(destination));
        var (code, bound) = await ReceiveReplyAsync();
        Assert.Equal(ReplyCode.Succeeded, code);
        return bound;
    }

    /// <summary>Logs in, which must work, and asks for a destination; gives the reply.</summary>
    public async Task<ReplyCode> LoginAsync(string user, string password, EndPoint destination)
    {
        await SendAsync(5, 1, 2);
        Assert.Equal(new byte[] { 5, 2 }, await ReceiveAsync(2));
        await SendAsync([1, (byte)user.Length, .. Encoding.ASCII.GetBytes(user), (byte)password.Length, .. Encoding.ASCII.GetBytes(password)]);
        Assert.Equal(new byte[] { 1, 0 }, await ReceiveAsync(2));
        await SendAsync(RequestFor(destination));
        return (await ReceiveReplyAsync()).Code;
    }

    public async Task<(ReplyCode Code, Destination Bound)> ReceiveReplyAsync()
    {
        var bytes = await ReceiveAsync(4);
        bytes = [.. bytes, .. await ReceiveAsync(bytes[3] == 4 ? 18 : 6)];
        Assert.Equal(DecodeStatus.Done, Reply.TryRead(bytes, out var code, out var bound, out _));
        return (code, bound);
    }

    /// <summary>FIN.</summary>
    public void ShutdownSend() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>RST.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    /// <summary>Waits for the connection to be reset; a FIN fails the test.</summary>
    public async Task ExpectResetAsync()
    {
        var buffer = new byte[64 * 1024];
        var ended = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await Socket.ReceiveAsync(buffer).InTime() > 0)
            {
            }

            throw new InvalidOperationException("FIN instead of RST: a cut transfer would look complete.");
        });
        Assert.Equal(SocketError.ConnectionReset, ended.SocketErrorCode);
    }

    public void Dispose() => Socket.Dispose();
}
