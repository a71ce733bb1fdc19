using System.Diagnostics;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Processes;

[Collection(Alone.Name)]
public sealed class SignalTests
{
    private const int OpenSessions = 200;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    public static TheoryData<Engine, int> Cases => new()
    {
        { Engine.EpollTunnel, AkkaSocksProcess.SigTerm },
        { Engine.EpollTunnel, AkkaSocksProcess.SigInt },
        { Engine.EpollFlow, AkkaSocksProcess.SigTerm },
        { Engine.Sockets, AkkaSocksProcess.SigTerm },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task Idle_it_ends_within_two_seconds(Engine engine, int signal)
    {
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon());

        await EndsInTime(proxy, signal);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task With_open_sessions_it_ends_within_two_seconds_and_every_client_learns(Engine engine, int signal)
    {
        using var origin = Origin.Echo();
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon());
        var clients = new List<SocksClient>();
        try
        {
            for (var i = 0; i < OpenSessions; i++)
                clients.Add(await SocksClient.OpenAsync(proxy.Endpoint, origin.Endpoint));

            await EndsInTime(proxy, signal);

            // RST and not FIN: whatever was being transferred is not complete.
            Assert.All(
                await Task.WhenAll(clients.Select(client => EndOf(client.Socket))),
                end => Assert.Equal(SocketError.ConnectionReset, end));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        var sessions = proxy.Sessions();
        Assert.Equal(OpenSessions, sessions.Count);
        Assert.All(sessions, session => Assert.Equal("node-stopped", session.GetProperty("end").GetString()));
    }

    private static async Task EndsInTime(RunningProxy proxy, int signal)
    {
        var since = Stopwatch.GetTimestamp();
        var outcome = await proxy.StopAsync(signal);
        var took = Stopwatch.GetElapsedTime(since);

        Assert.Equal(new AkkaSocksProcess.Outcome(0, "", ""), outcome);
        Assert.InRange(took, TimeSpan.Zero, Deadline);
        Assert.False(proxy.Figures.Exists);
        await Assert.ThrowsAsync<SocketException>(() => SocksClient.ConnectAsync(proxy.Endpoint));
    }

    private static async Task<SocketError> EndOf(Socket socket)
    {
        try
        {
            await socket.ReceiveAsync(new byte[1]).InTime();
            return SocketError.Success;
        }
        catch (SocketException end)
        {
            return end.SocketErrorCode;
        }
    }
}
