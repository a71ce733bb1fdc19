using System.Net.Security;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>A client's first bytes that are almost TLS, by the hundred, to an origin that says back what it hears.</summary>
public sealed class HelloFuzzTests(InterceptingNode node) : IClassFixture<InterceptingNode>
{
    private const int Clients = 400, AtOnce = 20;

    // Always the same ones, so that what fails fails again.
    private const int Seed = 20230901;

    [Fact]
    public async Task What_is_no_ClientHello_reaches_the_origin_byte_for_byte_and_what_is_one_breaks_nothing()
    {
        using var proxy = await node.StartAsync("");
        using var origin = Origin.Echo();
        var random = new Random(Seed);
        var hello = await HelloAsync();
        var said = Enumerable.Range(0, Clients).Select(_ => Mutated(hello, random)).ToList();
        var heard = new Dictionary<int, (byte[] Said, byte[] Heard)>();

        await Parallel.ForEachAsync(said, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (bytes, _) =>
        {
            using var client = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint);
            var port = ((System.Net.IPEndPoint)client.Socket.LocalEndPoint!).Port;
            byte[] answer = [];
            try
            {
                await client.SendAsync(bytes);
                client.Socket.Shutdown(SocketShutdown.Send);
                answer = await client.Socket.ReceiveToEndAsync().InTime();
            }
            catch (SocketException)
            {
                // What looks like TLS to the end fails at an origin that has none.
            }

            lock (heard)
                heard[port] = (bytes, answer);
        });

        var sessions = await proxy.SessionsAsync(Clients);
        foreach (var session in sessions)
        {
            var port = System.Net.IPEndPoint.Parse(session.GetProperty("client").GetString()!).Port;
            if (session.GetProperty("intercept").GetString() is "other-protocol" or "silent")
                Assert.Equal(Convert.ToHexString(heard[port].Said), Convert.ToHexString(heard[port].Heard));
        }

        var outcomes = sessions.Select(it => it.GetProperty("intercept").GetString()).ToHashSet();
        Assert.Contains("other-protocol", outcomes);
        Assert.Contains("client-tls-failed", outcomes);
        Assert.DoesNotContain("engine-failed", outcomes);
        var end = await proxy.StopAsync();
        Assert.Equal((0, 1), (end.ExitCode, end.Errors.Count(it => it == '\n')));
    }

    /// <summary>One to eight bytes changed, and every other time cut short or with something behind.</summary>
    private static byte[] Mutated(byte[] hello, Random random)
    {
        var bytes = hello.ToArray();
        for (var changes = random.Next(1, 9); changes > 0; changes--)
        {
            // Mostly lengths and types, which are at the beginning.
            bytes[random.Next(random.Next(2) == 0 ? 12 : bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) switch
        {
            0 => bytes[..random.Next(1, bytes.Length)],
            1 => [.. bytes, .. bytes],
            _ => bytes,
        };
    }

    /// <summary>What a client of .NET says first.</summary>
    private static async Task<byte[]> HelloAsync()
    {
        var hello = new TaskCompletionSource<byte[]>();
        using var listener = Origin.Serving(async connection =>
        {
            var buffer = new byte[16 * 1024];
            var length = await connection.ReceiveAsync(buffer);
            hello.SetResult(buffer[..length]);
        });
        using var client = new TcpClient();
        await client.ConnectAsync(listener.Endpoint);
        await using var tls = new SslStream(client.GetStream());
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync("www.test").InTime());
        return await hello.Task.InTime();
    }
}
