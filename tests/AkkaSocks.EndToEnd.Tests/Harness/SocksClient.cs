using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A client that says exactly the bytes a test wants; they are written down here, so that nothing of the product is
/// taken for granted.</summary>
internal sealed class SocksClient : IDisposable
{
    public static readonly byte[] Greeting = [5, 1, 0], GreetingWithPassword = [5, 1, 2];

    private const int SuccessReplyLength = 10;

    private SocksClient(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    /// <summary>A client that has said nothing yet.</summary>
    /// <param name="proxy">Where to.</param>
    /// <param name="from">From which network; null for this process's.</param>
    public static async Task<SocksClient> ConnectAsync(IPEndPoint proxy, NetworkNamespace? from = null)
    {
        var socket = NetworkNamespace.Within(
            from, () => new Socket(proxy.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            await socket.ConnectAsync(proxy).InTime();
            return new SocksClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A client with a tunnel, without authentication.</summary>
    public static async Task<SocksClient> OpenAsync(IPEndPoint proxy, IPEndPoint destination)
    {
        var client = await ConnectAsync(proxy);
        try
        {
            await client.GreetAsync();
            await client.SendAsync(Connect(destination));
            await client.ExpectAsync([5, 0, 0, 1]);
            await client.ReceiveAsync(SuccessReplyLength - 4);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>CONNECT to an IPv4 address.</summary>
    public static byte[] Connect(IPEndPoint destination) =>
        [5, 1, 0, 1, .. destination.Address.GetAddressBytes(), .. Port(destination.Port)];

    /// <summary>CONNECT to a name.</summary>
    public static byte[] Connect(string name, int port) =>
        [5, 1, 0, 3, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), .. Port(port)];

    /// <summary>The credentials of RFC 1929.</summary>
    public static byte[] Credentials(string user, string password) =>
        [1, (byte)user.Length, .. Encoding.Latin1.GetBytes(user), (byte)password.Length, .. Encoding.Latin1.GetBytes(password)];

    /// <summary>A whole greeting without authentication.</summary>
    public async Task GreetAsync()
    {
        await SendAsync(Greeting);
        await ExpectAsync([5, 0]);
    }

    /// <summary>A whole greeting with the password of <see cref="User"/>.</summary>
    public async Task LogInAsync(string user = User.Name)
    {
        await SendAsync(GreetingWithPassword);
        await ExpectAsync([5, 2]);
        await SendAsync(Credentials(user, User.Password));
        await ExpectAsync([1, 0]);
    }

    public Task SendAsync(byte[] bytes) => Socket.SendAllAsync(bytes).InTime();

    /// <summary>Exactly <paramref name="count"/> bytes.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var n = await Socket.ReceiveAsync(bytes.AsMemory(got)).InTime();
            if (n == 0)
                throw new EndOfStreamException($"End of stream after {got} of {count}: {Convert.ToHexString(bytes[..got])}");
            got += n;
        }

        return bytes;
    }

    public async Task ExpectAsync(byte[] bytes) =>
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(await ReceiveAsync(bytes.Length)));

    /// <summary>Waits until the far end has closed, in order or not.</summary>
    public async Task EndAsync()
    {
        var sink = new byte[4096];
        try
        {
            while (await Socket.ReceiveAsync(sink).InTime() > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: an end as well.
        }
    }

    /// <summary>RST.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>A client that comes from one of this host's addresses.</summary>
    public static async Task<SocksClient> ConnectAsync(IPEndPoint proxy, IPAddress from)
    {
        var socket = new Socket(proxy.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(proxy).InTime();
        return new SocksClient(socket);
    }

    private static byte[] Port(int port) => [(byte)(port >> 8), (byte)port];
}
