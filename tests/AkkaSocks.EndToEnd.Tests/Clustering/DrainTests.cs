using System.Text.Json;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>A node leaves, and anybody can follow it: at itself, at another node, by the verb.</summary>
[Collection(Alone.Name)]
public sealed class DrainTests
{
    [Fact]
    public async Task The_way_of_a_node_out_is_told_by_itself_by_others_and_by_the_verb()
    {
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(2, "akkasocks.cluster { drain-timeout = 10m, pre-stop-delay = 100ms }");
        await cluster.AddUserAsync(User.Name, 100_000);
        var (leaving, other) = (cluster.Nodes[0], cluster.Nodes[1]);
        var sessions = await TalkingSession.OpenAsync(3, leaving, origin.Endpoint);

        var verb = other.RunAsync("", "drain", leaving.Name, "--wait");

        await Eventually.TrueAsync(() => Figure(other, leaving.Name, "drainLeftSeconds") is > 500, () => "the other one to know the deadline");
        await Eventually.TrueAsync(() => leaving.Ask("/readyz") is null, () => "not to be ready");
        Assert.NotNull(leaving.Ask("/healthz"));
        Assert.True(Figure(leaving, leaving.Name, "drainLeftSeconds") is > 500);
        await Task.WhenAll(sessions.Select(session => session.StopAsync()));
        Assert.Equal(0, (await leaving.End.WaitAsync(TimeSpan.FromMinutes(1))).ExitCode);
        var said = await verb.InTime();
        Assert.StartsWith($"node {leaving.Name} drains\n[", said);
        Assert.Contains("3 sessions are left, ", said);
        Assert.EndsWith($"node {leaving.Name} has left\n", said);
    }

    [Fact]
    public async Task A_signal_lets_a_node_drain_while_its_API_answers_and_a_second_one_ends_it()
    {
        using var origin = Origin.Echo();
        using var cluster = await NodeCluster.StartAsync(2, "akkasocks.cluster.drain-timeout = 10m");
        await cluster.AddUserAsync(User.Name, 100_000);
        var leaving = cluster.Nodes[0];
        using var session = (await TalkingSession.OpenAsync(1, leaving, origin.Endpoint))[0];

        leaving.Signal(AkkaSocksProcess.SigTerm);

        await Eventually.TrueAsync(() => Figure(leaving, leaving.Name, "drainLeftSeconds") is > 500, () => "it to drain");
        Assert.Null(leaving.Ask("/readyz"));
        Assert.Equal(0, session.EndedAt);
        leaving.Signal(AkkaSocksProcess.SigTerm);
        Assert.Equal(0, (await leaving.End.WaitAsync(TimeSpan.FromMinutes(1))).ExitCode);
    }

    private static double? Figure(ClusterNode asked, string node, string name)
    {
        if (asked.Ask("/v1/nodes") is not { } answer)
            return null;
        var found = ClusterNode.Items(answer).FirstOrDefault(it => it.GetProperty("name").GetString() == node);
        return found.ValueKind == JsonValueKind.Object && found.GetProperty("figures") is { ValueKind: JsonValueKind.Object } figures
            && figures.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
            ? value.GetDouble()
            : null;
    }
}
