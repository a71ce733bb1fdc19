using System.Net;
using AkkaSocks.EndToEnd.Tests.Harness;
using AkkaSocks.Proxy.Tests.Auth.Users.Storing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>The disk of one node is full, or can only be read.</summary>
[Collection(Alone.Name)]
public sealed class StoreFaultTests
{
    [LongFact, Trait(LongTheoryAttribute.TraitName, LongTheoryAttribute.TraitValue)]
    public async Task A_full_or_read_only_disk_refuses_changes_loses_none_and_lets_users_in()
    {
        using var origin = Origin.Echo();
        using var disk = new FullDisk(1024);
        using var cluster = await NodeCluster.StartAsync(
            2, each: i => i == 0 ? $"akkasocks.node.data-directory = \"{disk.Path}/data\"" : "");
        var (faulty, sound) = (cluster.Nodes[0], cluster.Nodes[1]);
        await cluster.AddUserAsync(User.Name, 100);

        disk.Fill();
        var refused = await RefusedAsync("full");
        disk.Free();
        await faulty.PutUserAsync("after-full");

        // A disk from which somebody writes cannot be made so; it dies, and comes back to one that is.
        await faulty.KillAsync();
        await cluster.UpAsync(1);
        disk.Remount("ro");
        await faulty.StartAsync();
        await cluster.UpAsync(2);
        await NodeCluster.KnowsAsync(faulty, "after-full");
        await cluster.WarmUpAsync(User.Name);
        refused += await RefusedAsync("read-only");
        await faulty.KillAsync();
        await cluster.UpAsync(1);
        disk.Remount("rw");
        await faulty.StartAsync();
        await cluster.UpAsync(2);
        await faulty.PutUserAsync("after-read-only");
        await NodeCluster.KnowsAsync(sound, "after-read-only");

        // What it took it has, and what it heard from the other one meanwhile it has as well.
        await faulty.KillAsync();
        using (var file = new SqliteConnection($"Data Source={disk.Path}/data/users.db;Pooling=false"))
        {
            file.Open();
            using var check = file.CreateCommand();
            check.CommandText = "PRAGMA integrity_check";
            Assert.Equal("ok", check.ExecuteScalar());
        }

        await faulty.StartAsync();
        await cluster.UpAsync(2);
        foreach (var user in (string[])[User.Name, "after-full", "after-read-only", "elsewhere-full", "elsewhere-read-only"])
            await NodeCluster.KnowsAsync(faulty, user);

        // Not one that nobody was promised.
        Assert.All(refused.Split('\n', StringSplitOptions.RemoveEmptyEntries), user => Assert.Null(faulty.Ask($"/v1/users/{user}")));

        // The first few may find room in what the file has already.
        async Task<string> RefusedAsync(string fault)
        {
            var user = $"here-{fault}0";
            for (var i = 1; await faulty.TryPutUserAsync(user) is not HttpStatusCode.ServiceUnavailable; i++)
            {
                Assert.InRange(i, 1, 100);
                user = $"here-{fault}{i}";
            }
            await sound.PutUserAsync($"elsewhere-{fault}");
            await NodeCluster.KnowsAsync(faulty, $"elsewhere-{fault}");
            foreach (var name in (string[])[User.Name, $"elsewhere-{fault}"])
            {
                var (client, reply) = await faulty.OpenAsync(origin.Endpoint, name);
                client.Dispose();
                Assert.Equal(0, reply);
            }

            return $"{user}\n";
        }
    }
}
