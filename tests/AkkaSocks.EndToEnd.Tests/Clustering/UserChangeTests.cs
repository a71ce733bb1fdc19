using System.Diagnostics;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>A user is removed: what becomes of its sessions everywhere, and of a node that was away meanwhile.</summary>
[Collection(Alone.Name)]
public sealed class UserChangeTests(ITestOutputHelper output)
{
    private const int Sessions = 100;
    private static readonly TimeSpan EndedWithin = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_removed_user_loses_its_sessions_on_all_nodes_within_a_second_and_stays_removed_whoever_was_away()
    {
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(3);
        var (first, away) = (cluster.Nodes[0], cluster.Nodes[2]);
        await cluster.AddUserAsync(User.Name);
        await cluster.AddUserAsync("bob");
        var sessions = new List<TalkingSession>();
        for (var i = 0; i < Sessions; i++)
            sessions.Add(await TalkingSession.OpenAsync(cluster.Nodes[i % 3], origin.Endpoint));
        using var another = await TalkingSession.OpenAsync(away, origin.Endpoint, "bob");
        await cluster.CountsAsync(User.Name, Sessions);

        var since = Stopwatch.GetTimestamp();
        await first.RemoveUserAsync(User.Name);
        await Task.WhenAll(sessions.Select(session => Assert.ThrowsAnyAsync<Exception>(() => session.Talk))).InTime();
        var took = Stopwatch.GetElapsedTime(since, sessions.Max(session => session.EndedAt));
        output.WriteLine($"all {Sessions} sessions on three nodes ended {took.TotalMilliseconds:F0} ms after the request to remove their user");
        Assert.InRange(took, TimeSpan.Zero, EndedWithin);
        await another.StopAsync();

        // It comes back from a disk on which the next one still is, which is removed while it is away.
        await cluster.CountsAsync("bob", 0);
        await away.KillAsync();
        await first.RemoveUserAsync("bob");
        await first.PutUserAsync("carol");
        await away.StartAsync();
        await cluster.UpAsync(3);
        await NodeCluster.KnowsAsync(away, "carol");
        await Eventually.TrueAsync(() => away.Ask("/v1/users/bob") is null, () => "bob to be gone");

        // All have compared what they have with each other once this has gone round.
        await away.PutUserAsync("dave");
        foreach (var node in cluster.Nodes)
        {
            await NodeCluster.KnowsAsync(node, "dave");
            Assert.Null(node.Ask("/v1/users/bob"));
            Assert.NotNull(node.Ask("/v1/users/carol"));
            using var client = await node.ConnectAsync();
            await client.SendAsync(SocksClient.GreetingWithPassword);
            await client.ExpectAsync([5, 2]);
            await client.SendAsync(SocksClient.Credentials("bob", User.Password));
            Assert.NotEqual(0, (await client.ReceiveAsync(2))[1]);
        }
    }
}
