using System.Diagnostics;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>Session limits over three nodes: exact, and what asking the owner costs a login.</summary>
[Collection(Alone.Name)]
public sealed class SessionLimitTests(ITestOutputHelper output)
{
    private const int Limit = 20, Clients = 300, Logins = 100, Batches = 30;
    private const string Unlimited = "bob";
    private static readonly TimeSpan HopAtMost = TimeSpan.FromMilliseconds(1), OwnerIsGivenUpAfter = TimeSpan.FromSeconds(1);

    private int _alive, _most;

    [Fact]
    public Task Of_three_hundred_clients_at_once_exactly_as_many_get_in_as_the_user_may_have() => Rush(10);

    [LongFact, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public Task The_same_fifty_times() => Rush(50);

    [Fact]
    public async Task An_owner_on_another_node_adds_less_than_a_millisecond_and_without_a_limit_nobody_is_asked()
    {
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(3);
        await cluster.AddUserAsync(User.Name, 1000);
        await cluster.AddUserAsync(Unlimited);

        // One of them is the owner, and which one does not matter.
        foreach (var node in cluster.Nodes)
        {
            var (without, added) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
            for (var batch = 0; batch < Batches && added >= HopAtMost; batch++)
            {
                List<TimeSpan> limited = [], unlimited = [];
                for (var i = 0; i < Logins; i++)
                {
                    limited.Add(await LogInAsync(node, origin, User.Name));
                    unlimited.Add(await LogInAsync(node, origin, Unlimited));
                }

                // The best of a few, since the machine has other things to do, and the nodes have just started.
                if (Median(limited) - Median(unlimited) is var more && more < added)
                    (without, added) = (Median(unlimited), more);
            }

            output.WriteLine($"{node.Name}: {Micro(without)} without a limit, {Micro(added)} more with");
            Assert.InRange(added, -HopAtMost, HopAtMost);
        }

        // Nobody there to be asked, and too short for Akka to notice.
        var (asked, others) = (cluster.Nodes[0], cluster.Nodes.Skip(1).ToList());
        var alone = new List<TimeSpan>();
        others.ForEach(node => node.Signal(AkkaSocksProcess.SigStop));
        for (var i = 0; i < Logins; i++)
            alone.Add(await LogInAsync(asked, origin, Unlimited));
        others.ForEach(node => node.Signal(AkkaSocksProcess.SigCont));
        output.WriteLine($"{asked.Name}: {Micro(Median(alone))} without a limit while the others stand still, {Micro(alone.Max())} at most");
        Assert.InRange(alone.Max(), TimeSpan.Zero, OwnerIsGivenUpAfter);
    }

    private async Task Rush(int rounds)
    {
        using var origin = Origin.Serving(CountAsync);
        using var cluster = await NodeCluster.StartAsync(3);
        await cluster.AddUserAsync(User.Name, Limit);
        await cluster.CountsAsync(User.Name, 0);
        var since = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => cluster.Nodes[i % 3].OpenAsync(origin.Endpoint)));
            var tunnels = clients.Where(client => client.Reply == 0).ToList();
            Assert.Equal(Limit, tunnels.Count);
            Assert.All(clients.Except(tunnels), client => Assert.Equal(2, client.Reply));
            await Eventually.TrueAsync(() => Volatile.Read(ref _alive) == Limit, () => $"{Limit} connections; there are {_alive}");
            await cluster.CountsAsync(User.Name, Limit);
            foreach (var (client, _) in clients)
                client.Dispose();
            await Eventually.TrueAsync(() => Volatile.Read(ref _alive) == 0, () => $"no connection; there are {_alive}");
            await cluster.CountsAsync(User.Name, 0);
        }

        Assert.Equal(Limit, _most);
        output.WriteLine($"{rounds} rounds of {Clients} clients in {Stopwatch.GetElapsedTime(since).TotalSeconds:F0} s: "
            + $"{Limit} let in each round, never more than {_most} alive");
    }

    private async Task CountAsync(Socket connection)
    {
        lock (this)
            _most = Math.Max(_most, ++_alive);
        try
        {
            await connection.ReceiveToEndAsync();
        }
        finally
        {
            lock (this)
                _alive--;
        }
    }

    private static async Task<TimeSpan> LogInAsync(ClusterNode node, Origin origin, string user)
    {
        var since = Stopwatch.GetTimestamp();
        var (client, reply) = await node.OpenAsync(origin.Endpoint, user);
        var took = Stopwatch.GetElapsedTime(since);
        client.Dispose();
        Assert.Equal(0, reply);
        return took;
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(Logins / 2);

    private static string Micro(TimeSpan time) => $"{time.TotalMicroseconds:F0} µs";
}
