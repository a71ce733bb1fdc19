using System.Security.Cryptography;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Sessions;

public sealed class ConcurrentSessionsTests
{
    private const int Count = 1000;

    public static TheoryData<Engine> Engines => Harness.Engines.All;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_thousand_sessions_at_once_each_have_their_own_bytes_back(Engine engine)
    {
        using var origin = Origin.Echo();
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon());
        var clients = new SocksClient[Count];
        try
        {
            await Parallel.ForAsync(
                0, Count, new ParallelOptions { MaxDegreeOfParallelism = 100 },
                async (i, _) => clients[i] = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint));

            // All are open now, and stay so until each has had its answer twice.
            await Task.WhenAll(clients.Select(Echo));
            await Task.WhenAll(clients.Select(Echo));
        }
        finally
        {
            foreach (var client in clients)
                client?.Dispose();
        }

        var sessions = await proxy.SessionsAsync(Count);
        Assert.Equal(Count, sessions.Select(it => it.GetProperty("session").GetString()).Distinct().Count());
        Assert.All(sessions, it => Assert.Equal("completed", it.GetProperty("end").GetString()));
        await proxy.StopWithoutComplaintAsync();
    }

    private static async Task Echo(SocksClient client)
    {
        var bytes = RandomNumberGenerator.GetBytes(4096);
        await client.SendAsync(bytes);
        await client.ExpectAsync(bytes);
    }
}
