using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using Akka.TestKit.Xunit2;
using AkkaSocks.Proxy.Clustering;
using AkkaSocks.Proxy.Limits;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Clustering;

public sealed class MergeWatchTests : TestKit
{
    private static readonly Address Lower = Address.Parse("akka.tcp://akkasocks@1.0.0.1:1"), Higher = Address.Parse("akka.tcp://zzz@9.0.0.1:1");

    private readonly NodeDrain _drain = new();
    private readonly Queue<bool> _answers = new();
    private int _asked;

    public MergeWatchTests()
        : base("akka { actor.provider = cluster, remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 0 } }")
    {
    }

    [Fact]
    public async Task The_higher_of_two_comes_back_when_the_lower_has_answered_three_times_running()
    {
        Start(true, true, false, true, true, true);
        Sys.EventStream.Publish(new PairDowning.GaveUp(Lower));
        AwaitCondition(() => _drain.HasBegun, TimeSpan.FromSeconds(10));
        Assert.Equal(6, _asked);
        Assert.Equal(DrainCause.Downed, await _drain.Begun);
    }

    [Fact]
    public void The_lower_of_two_stays()
    {
        Start(true, true, true);
        Sys.EventStream.Publish(new PairDowning.GaveUp(Higher));
        Sys.EventStream.Publish(new PairDowning.GaveUp(Lower));
        AwaitCondition(() => _drain.HasBegun, TimeSpan.FromSeconds(10));
        Assert.Equal(3, _asked);
    }

    [Fact]
    public void A_node_that_the_others_gave_up_comes_back()
    {
        Start();
        Sys.EventStream.Publish(new ThisActorSystemQuarantinedEvent(Cluster.Get(Sys).SelfAddress, Lower));
        AwaitCondition(() => _drain.HasBegun, TimeSpan.FromSeconds(10));
    }

    private void Start(params bool[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
        var merging = Sys.ActorOf(MergeWatch.Props(
            _drain,
            _ =>
            {
                // Asked once more before it has heard the last one, it must not count.
                if (!_answers.TryDequeue(out var answer))
                    return Task.FromResult(false);
                Interlocked.Increment(ref _asked);
                return Task.FromResult(answer);
            },
            TimeSpan.FromMilliseconds(20)));

        // It hears the event stream from now on.
        merging.Tell(new Identify(0), TestActor);
        ExpectMsg<ActorIdentity>();
    }
}
