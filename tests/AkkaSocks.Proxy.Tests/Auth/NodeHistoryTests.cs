using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Telemetry;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth;

public sealed class NodeHistoryTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Points_are_some_seconds_apart_and_those_that_are_too_old_are_forgotten()
    {
        var history = new NodeHistory(_clock);
        for (var second = 0; second < 600; second++)
        {
            history.Note("a", second, Figures(refused: second * 2));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var line = Assert.Single(history.Read());
        Assert.InRange(line.Points.Length, 60, 80);
        Assert.InRange(line.Points[0].Age, TimeSpan.FromSeconds(290), NodeHistory.Window);
        Assert.All(line.Points.Zip(line.Points.Skip(1)), pair => Assert.Equal(TimeSpan.FromSeconds(4), pair.First.Age - pair.Second.Age));
        Assert.All(line.Points, point => Assert.Equal(2, point.Refused));
        Assert.Equal((1.0, 2.0, 3.0, 0.75), (line.Points[0].Accepted, line.Points[0].Up, line.Points[0].Down, line.Points[0].Busiest));

        _clock.Advance(NodeHistory.Window);
        Assert.Empty(history.Read());
    }

    [Fact]
    public void A_node_that_counts_anew_has_refused_nobody_yet()
    {
        var history = new NodeHistory(_clock);
        history.Note("a", 1, Figures(refused: 100));
        _clock.Advance(TimeSpan.FromSeconds(5));
        history.Note("a", 1, Figures(refused: 3));

        Assert.Equal([0, 0], history.Read()[0].Points.Select(point => point.Refused));
    }

    private static NodeFigures Figures(long refused) => new()
    {
        Version = "1",
        Uptime = TimeSpan.Zero,
        Accepted = 0,
        ClientToDestination = 0,
        DestinationToClient = 0,
        AcceptedPerSecond = 1,
        ClientToDestinationPerSecond = 2,
        DestinationToClientPerSecond = 3,
        LoopsBusy = [0.25, 0.75],
        Processors = 0,
        MemoryBytes = 0,
        Draining = null,
        Refusals = ImmutableSortedDictionary<string, long>.Empty.Add("bad-credentials", refused),
    };
}
