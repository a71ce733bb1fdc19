using System.Diagnostics;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Faults;

/// <summary>A port that was opened for a client is gone within a second of the client, as the kernel's own list says.</summary>
[Collection(Alone.Name)]
public sealed class FreedPortsTests
{
    private const byte Bind = 2, UdpAssociate = 3;

    // A busy machine is late now and then. Who waited for a timer instead of the connection would be late each time.
    private const int Tries = 3;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static TheoryData<Engine> Transports => Engines.Transports;

    [NeedsToolTheory("ss"), MemberData(nameof(Transports))]
    public Task U4_the_UDP_socket_of_an_association_is_gone_within_a_second_of_its_control_connection(Engine engine) =>
        FreesAsync(engine, UdpAssociate, "-Huan", "completed");

    [NeedsToolTheory("ss"), MemberData(nameof(Transports))]
    public Task B5_a_port_that_nobody_has_called_is_gone_within_a_second_of_its_client(Engine engine) =>
        FreesAsync(engine, Bind, "-Hltn", "client-closed");

    private static async Task FreesAsync(Engine engine, byte command, string kind, string closed)
    {
        using var proxy = await RunningProxy.StartAsync(engine.ToHocon(), "akkasocks.bind.enabled = on");
        foreach (var reset in new[] { false, true })
        {
            var took = new List<TimeSpan>();
            for (var i = 0; i < Tries; i++)
                took.Add(await FreeAsync(proxy, reset, command, kind));
            Assert.InRange(took.Min(), TimeSpan.Zero, Soon);
        }

        Assert.Equal(
            [.. Enumerable.Repeat(closed, Tries), .. Enumerable.Repeat("client-reset", Tries)],
            (await proxy.SessionsAsync(2 * Tries)).Select(it => it.GetProperty("end").GetString()));
        await proxy.StopWithoutComplaintAsync();
    }

    private static async Task<TimeSpan> FreeAsync(RunningProxy proxy, bool reset, byte command, string kind)
    {
        using var client = await SocksClient.ConnectAsync(proxy.Endpoint);
        await client.GreetAsync();
        await client.SendAsync([5, command, 0, 1, 127, 0, 0, 1, 0, 21]);
        await client.ExpectAsync([5, 0, 0, 1, 127, 0, 0, 1]);
        var octets = await client.ReceiveAsync(2);
        var port = (octets[0] << 8) | octets[1];
        Assert.True(await IsOpenAsync(kind, port));
        if (reset)
            client.Reset();
        else
            client.Socket.Shutdown(SocketShutdown.Send);
        var since = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(async () => !await IsOpenAsync(kind, port), "the port to be gone");
        return Stopwatch.GetElapsedTime(since);
    }

    private static async Task<bool> IsOpenAsync(string kind, int port) =>
        (await Tool.RunAsync("ss", kind, $"sport = :{port}")).Text.Length > 0;
}
