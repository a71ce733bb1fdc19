using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Faults;

/// <summary>Clients that vanish with RST, at every stage there is.</summary>
[Collection(Alone.Name)]
public sealed class ResetStormTests
{
    private const int PerSecond = 500;
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(5);

    public static TheoryData<Engine> Transports => Engines.Transports;

    [Theory, MemberData(nameof(Transports))]
    public Task Clients_that_reset_at_every_stage_leave_nothing_behind(Engine engine) => Storm(engine, TimeSpan.FromSeconds(10));

    [LongTheory, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    [MemberData(nameof(Transports))]
    public Task Clients_that_reset_at_every_stage_for_a_minute(Engine engine) => Storm(engine, TimeSpan.FromSeconds(60));

    private static async Task Storm(Engine engine, TimeSpan duration)
    {
        using var echo = Origin.Echo();
        using var endless = Origin.Endless();
        using var resetting = Origin.Resetting();
        using var unanswering = await Origin.UnansweringAsync();
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon(), User.Hocon);
        Func<SocksClient, Task>[] stages =
        [
            _ => Task.CompletedTask,
            client => client.SendAsync([5]),
            client => Greeted(client),
            client => CredentialsSent(client),
            client => client.LogInAsync(),
            client => RequestSent(client, echo),
            client => RequestSent(client, unanswering),
            client => Sending(client, echo),
            client => Receiving(client, endless),
            client => ResetFromBehind(client, resetting),
        ];

        // Each stage once, so that what the runtime opens at first use is open.
        await Task.WhenAll(stages.Select(Vanish));
        await proxy.SessionsAsync(stages.Length - 1);
        var atRest = await proxy.Figures.SocketsAtRestAsync();

        // The same order every time; each stage meets every other one, since they take different times.
        var clients = await Pace.RunAsync(PerSecond, duration, i => Vanish(stages[i % stages.Length]));

        var quiet = await Eventually.TrueAsync(
            () => proxy.Figures.Sockets <= atRest, () => $"{atRest} sockets; there are {proxy.Figures.Sockets}");
        Assert.InRange(quiet, TimeSpan.Zero, QuietWithin);

        // Whoever resets before the accept may never have been seen.
        var unseen = clients / stages.Length + 2;
        var sessions = await proxy.SessionsAsync(clients + stages.Length - unseen);
        Assert.InRange(sessions.Count, clients + stages.Length - unseen, clients + stages.Length);
        Assert.DoesNotContain(sessions, session => session.GetProperty("end").GetString() is "failed" or "node-stopped");
        await proxy.StopWithoutComplaintAsync();
        Assert.InRange(proxy.Sessions().Count, sessions.Count, clients + stages.Length);

        async Task Vanish(Func<SocksClient, Task> stage)
        {
            using var client = await SocksClient.ConnectAsync(proxy.Endpoint);
            await stage(client);
            client.Reset();
        }
    }

    private static async Task Greeted(SocksClient client)
    {
        await client.SendAsync(SocksClient.GreetingWithPassword);
        await client.ExpectAsync([5, 2]);
    }

    private static async Task CredentialsSent(SocksClient client)
    {
        await Greeted(client);
        await client.SendAsync(SocksClient.Credentials(User.Name, User.Password));
    }

    private static async Task RequestSent(SocksClient client, Origin origin)
    {
        await client.LogInAsync();
        await client.SendAsync(SocksClient.Connect(origin.Endpoint));
    }

    private static async Task Opened(SocksClient client, Origin origin)
    {
        await RequestSent(client, origin);
        await client.ExpectAsync([5, 0, 0, 1]);
        await client.ReceiveAsync(6);
    }

    private static async Task Sending(SocksClient client, Origin origin)
    {
        await Opened(client, origin);
        await client.SendAsync(new byte[20_000]);
        await client.ReceiveAsync(1000);
    }

    private static async Task Receiving(SocksClient client, Origin origin)
    {
        await Opened(client, origin);
        await client.ReceiveAsync(100_000);
    }

    private static async Task ResetFromBehind(SocksClient client, Origin origin)
    {
        await Opened(client, origin);
        await client.SendAsync([1]);
        var end = await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(1));
        Assert.Equal(SocketError.ConnectionReset, end.SocketErrorCode);
    }
}
