using System.Net.Sockets;
using System.Security.Cryptography;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Sessions;

/// <summary>The end of one direction leaves the other one whole.</summary>
public sealed class HalfCloseTests
{
    private const int MiB = 1024 * 1024, Rounds = 100;

    public static TheoryData<Engine> Engines => Harness.Engines.All;

    [Theory, MemberData(nameof(Engines))]
    public async Task Eight_MiB_then_the_end_then_one_MiB_back_a_hundred_times_of_a_hundred(Engine engine)
    {
        var up = RandomNumberGenerator.GetBytes(8 * MiB);
        var back = RandomNumberGenerator.GetBytes(1 * MiB);
        var exact = 0;
        using var origin = Origin.Serving(async connection =>
        {
            var received = await connection.ReceiveToEndAsync();
            if (up.AsSpan().SequenceEqual(received))
                Interlocked.Increment(ref exact);
            await connection.SendAllAsync(back);
            connection.Shutdown(SocketShutdown.Send);
        });
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon());

        for (var round = 0; round < Rounds; round++)
        {
            using var client = await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint);
            await client.SendAsync(up);
            client.Socket.Shutdown(SocketShutdown.Send);
            var received = await client.Socket.ReceiveToEndAsync().InTime();
            Assert.True(back.AsSpan().SequenceEqual(received));
        }

        Assert.Equal(Rounds, exact);
        Assert.All(await proxy.SessionsAsync(Rounds), session =>
        {
            Assert.Equal("completed", session.GetProperty("end").GetString());
            Assert.Equal(up.Length, session.GetProperty("clientToDestination").GetInt64());
            Assert.Equal(back.Length, session.GetProperty("destinationToClient").GetInt64());
        });
        await proxy.StopWithoutComplaintAsync();
    }
}
