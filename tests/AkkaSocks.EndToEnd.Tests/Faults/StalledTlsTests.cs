using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Faults;

/// <summary>TLS handshakes that stop half-way are closed in time, cost memory only while they last, and slow nobody down.</summary>
[Collection(Alone.Name)]
public sealed class StalledTlsTests(ITestOutputHelper output)
{
    private const int KiB = 1024;

    // What the allocators keep of the first waves is used by those after them: 61 MiB with 1,500 stalled in the first, 1 to 5 more in each
    // from the fourth on.
    private const int Waves = 5, SettlingWaves = 3, MostPerWave = 24 * KiB * KiB;

    private int _begun;

    public static TheoryData<Engine> Transports => Engines.Transports;

    [Theory, MemberData(nameof(Transports))]
    public Task Handshakes_that_stall_are_closed_at_the_deadline_and_leave_nothing(Engine engine) =>
        Stall(engine, slow: 400, deadline: TimeSpan.FromSeconds(2));

    [LongTheory, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    [MemberData(nameof(Transports))]
    public Task Two_thousand_of_them_with_the_deadline_that_ships(Engine engine) =>
        Stall(engine, slow: 2000, deadline: TimeSpan.FromSeconds(10), isGivenBack: true);

    private async Task Stall(Engine engine, int slow, TimeSpan deadline, bool isGivenBack = false)
    {
        using var files = new TlsFiles();
        using var proxy = await RunningProxy.StartAsync(
            engine.ToHocon(), files.ToHocon("required"), $"akkasocks.limits.handshake-timeout = {deadline.TotalSeconds}s");
        var hello = await ClientHelloAsync();
        var (before, most) = (0L, 0L);
        for (var wave = 0; wave < Waves; wave++)
        {
            // Half a ClientHello, and a whole one with nothing behind the server's answer.
            var stalled = Enumerable.Range(0, slow).Select(i => StallOneAsync(proxy, i % 2 == 0 ? hello : hello.AsMemory(0, hello.Length / 2)));
            var begun = _begun;
            var all = Task.WhenAll(stalled);
            await Eventually.TrueAsync(() => Volatile.Read(ref _begun) == begun + slow, () => "all to have begun");
            var during = proxy.Figures.ResidentBytes;
            Assert.All(await all.InTime(), took => Assert.InRange(took, deadline - TimeSpan.FromSeconds(1), deadline + TimeSpan.FromSeconds(3)));
            await proxy.SessionsAsync((wave + 1) * slow);
            var after = proxy.Figures.ResidentBytes;
            output.WriteLine($"wave {wave}: {before / KiB} KiB before, {during / KiB} KiB with {slow} stalled, {after / KiB} KiB after");
            if (wave >= SettlingWaves)
                Assert.InRange(Math.Max(during, after) - before, long.MinValue, MostPerWave);

            before = after;
            most = Math.Max(most, Math.Max(during, after));
        }

        // Once there has been no handshake for a while.
        if (isGivenBack)
            await Eventually.TrueAsync(() => proxy.Figures.ResidentBytes < most - MostPerWave, () => "memory to be given back");

        Assert.All(proxy.Sessions(), session => Assert.Equal("handshake-timed-out", session.GetProperty("end").GetString()));
        await proxy.StopWithoutComplaintAsync();
    }

    private async Task<TimeSpan> StallOneAsync(RunningProxy proxy, ReadOnlyMemory<byte> bytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(proxy.Endpoint);
        var since = Stopwatch.GetTimestamp();
        await socket.SendAsync(bytes);
        Interlocked.Increment(ref _begun);
        var buffer = new byte[8 * KiB];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset is as good as closed.
        }

        return Stopwatch.GetElapsedTime(since);
    }

    private static async Task<byte[]> ClientHelloAsync()
    {
        using var sent = new OnlySends();
        using var client = new SslStream(sent);
        await Assert.ThrowsAnyAsync<Exception>(() => client.AuthenticateAsClientAsync("proxy.test"));
        return sent.Sent.ToArray();
    }

    /// <summary>A far end that takes everything and says nothing.</summary>
    private sealed class OnlySends : MemoryStream
    {
        public MemoryStream Sent { get; } = new();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Sent.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
