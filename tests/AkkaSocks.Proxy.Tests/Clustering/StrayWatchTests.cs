using Akka.Actor;
using Akka.Cluster;
using Akka.TestKit.Xunit2;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Limits;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

public sealed class StrayWatchTests : TestKit
{
    private static readonly NodeIncarnation Other = new("akka.tcp://test@9.0.0.1:1", 1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    private readonly NodeDrain _drain = new();

    public StrayWatchTests()
        : base("akka { actor.provider = cluster, remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 0 } }")
    {
    }

    [Theory]
    [InlineData(1, "b", 2, "c", true)]
    [InlineData(2, "b", 1, "a", false)]
    [InlineData(2, "b", 2, "a", true)]
    [InlineData(2, "b", 2, "c", false)]
    [InlineData(1, "b", 0, "", false)]
    public void The_smaller_of_two_clusters_makes_room_and_of_two_as_large_the_one_with_the_higher_first_address(
        int members, string first, int others, string otherFirst, bool expected) =>
        Assert.Equal(expected, StrayWatch.MakesRoomFor(members, first, new StrayWatch.ClusterAnswer(Other, others, otherFirst, HasAsker: false)));

    [Fact]
    public async Task A_node_comes_back_once_it_has_heard_three_times_running_of_a_larger_cluster_without_it()
    {
        await JoinAsync();
        var watch = Start(_ => Task.FromResult(false), TimeSpan.FromHours(1));
        var larger = new StrayWatch.ClusterAnswer(Other, 2, Other.Address, HasAsker: false);
        foreach (var answer in (StrayWatch.ClusterAnswer[])
            [larger, larger, larger with { HasAsker = true }, larger, larger, larger with { Members = 0 }, larger, larger])
            watch.Tell(answer);
        watch.Tell(new StrayWatch.ClusterQuestion(Other), TestActor);
        Assert.Equal((1, false), (ExpectMsg<StrayWatch.ClusterAnswer>(Long) is var own ? own.Members : 0, own.HasAsker));
        Assert.False(_drain.HasBegun);

        watch.Tell(larger);
        Assert.Equal(DrainCause.Downed, await _drain.Begun.WaitAsync(Long));
    }

    [Fact]
    public async Task Seeds_that_are_no_members_and_whoever_has_asked_are_looked_for()
    {
        await JoinAsync();
        var seed = Address.Parse("akka.tcp://test@8.0.0.1:1");
        var watch = Start(
            node =>
            {
                TestActor.Tell(node);
                return Task.FromResult(false);
            },
            TimeSpan.FromMilliseconds(20),
            seed,
            Cluster.Get(Sys).SelfAddress);
        Assert.Equal(seed, ExpectMsg<Address>(Long));
        watch.Tell(new StrayWatch.ClusterQuestion(Other), TestActor);
        FishForMessage(message => message is Address node && node.ToString() == Other.Address, Long);
    }

    [Fact]
    public void A_node_that_is_no_member_belongs_to_nothing()
    {
        var watch = Start(_ => Task.FromResult(true), TimeSpan.FromHours(1));
        watch.Tell(new StrayWatch.ClusterQuestion(Other), TestActor);
        Assert.Equal(0, ExpectMsg<StrayWatch.ClusterAnswer>(Long).Members);
    }

    private IActorRef Start(Func<Address, Task<bool>> answers, TimeSpan every, params Address[] seeds) =>
        Sys.ActorOf(StrayWatch.Props(_drain, [.. seeds], answers, every));

    private async Task JoinAsync()
    {
        var cluster = Cluster.Get(Sys);
        await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(Long);
        AwaitCondition(() => cluster.State.Members.Count == 1, Long);
    }
}
