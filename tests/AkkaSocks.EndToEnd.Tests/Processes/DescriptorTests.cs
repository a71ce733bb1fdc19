using System.Net;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Processes;

public sealed class DescriptorTests
{
    private const int Rounds = 20;

    public static TheoryData<Engine> Engines => Harness.Engines.All;

    /// <summary>Pipes for splice may stay, pooled; sockets may not.</summary>
    [Theory, MemberData(nameof(Engines))]
    public async Task After_sessions_of_every_kind_no_socket_is_left_and_each_has_its_line(Engine engine)
    {
        using var echo = Origin.Echo();
        using var endless = Origin.Endless();
        using var resetting = Origin.Resetting();
        var closed = ClosedPort();
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon(), User.Hocon);
        Func<SocksClient, Task>[] kinds =
        [
            client => Relay(client, echo, it => it.ReceiveAsync(1000)),
            client => Relay(client, endless, it => it.ReceiveAsync(10_000_000)),
            client => Relay(client, resetting, it => it.EndAsync()),
            client => Relay(client, echo, it =>
            {
                it.Reset();
                return Task.CompletedTask;
            }),
            client => Refused(client, SocksClient.Connect(closed), reply: 5),
            client => Refused(client, SocksClient.Connect(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80)), reply: 2),
            client => Refused(client, SocksClient.Connect("no such host", 80), reply: 4),
            client => client.SendAsync(SocksClient.GreetingWithPassword[..2]),
            client => client.SendAsync("GET / HTTP/1.1\r\n"u8.ToArray()),
            client => client.SendAsync([.. SocksClient.GreetingWithPassword, .. SocksClient.Credentials("alice", "wrong")]),
        ];

        // The runtime opens a few sockets of its own at first use.
        await RunAll(rounds: 1);
        await proxy.SessionsAsync(kinds.Length);
        var sockets = await proxy.Figures.SocketsAtRestAsync();

        await RunAll(Rounds);

        var sessions = await proxy.SessionsAsync((Rounds + 1) * kinds.Length);
        await Eventually.TrueAsync(
            () => proxy.Figures.Sockets == sockets, () => $"{sockets} sockets; there are {proxy.Figures.Sockets}");
        Assert.Equal((Rounds + 1) * kinds.Length, sessions.Count);
        Assert.Equal(sessions.Count, sessions.Select(it => it.GetProperty("session").GetString()).Distinct().Count());
        await proxy.StopWithoutComplaintAsync();
        Assert.Equal(sessions.Count, proxy.Sessions().Count);

        Task RunAll(int rounds) => Task.WhenAll(Enumerable.Range(0, rounds).SelectMany(_ => kinds).Select(async kind =>
        {
            using var client = await SocksClient.ConnectAsync(proxy.Endpoint);
            await kind(client);
        })).InTime();
    }

    private static async Task Relay(SocksClient client, Origin origin, Func<SocksClient, Task> use)
    {
        await client.LogInAsync();
        await client.SendAsync(SocksClient.Connect(origin.Endpoint));
        await client.ExpectAsync([5, 0]);
        await client.SendAsync(new byte[1000]);
        await use(client);
    }

    private static async Task Refused(SocksClient client, byte[] request, byte reply)
    {
        await client.LogInAsync();
        await client.SendAsync(request);
        await client.ExpectAsync([5, reply]);
        await client.EndAsync();
    }

    private static IPEndPoint ClosedPort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }
}
