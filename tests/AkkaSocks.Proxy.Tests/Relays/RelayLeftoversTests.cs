using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Relays;

/// <summary>What relays leave behind, over every transport and engine: nothing.</summary>
[Collection(Alone.Name)]
public sealed class RelayLeftoversTests
{
    public static TheoryData<Way> Ways => RelayTests.Ways;

    [Theory, MemberData(nameof(Ways))]
    public async Task Nothing_is_left_of_many_relays_that_ended_in_every_way(Way way)
    {
        await using var node = await TestNode.StartAsync(TestSettings.Default.Over(way));
        using var origin = Origin.Echo();
        await RunOne(0);
        await node.QuietAsync();
        var before = Descriptors();

        await Parallel.ForAsync(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 60 }, async (i, _) => await RunOne(i));

        await node.QuietAsync();
        await Eventually.TrueAsync(() => Descriptors() <= before + 5, $"descriptors to be back at {before}");

        async Task RunOne(int i)
        {
            using var client = await node.OpenAsync(origin.Endpoint);
            await client.SendAsync(1, 2, 3);
            if (i % 4 == 0)
                client.Reset();
            else if (i % 4 == 1)
                client.ShutdownSend();
            else if (i % 4 == 2)
                await client.ReceiveAsync(3);
        }
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
