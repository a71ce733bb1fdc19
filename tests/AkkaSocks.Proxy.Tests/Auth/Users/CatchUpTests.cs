using System.Collections.Immutable;
using AkkaSocks.Proxy.Auth.Users;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Users;

public sealed class CatchUpTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly ImmutableArray<ulong> Nothing = [.. new ulong[8]];
    private readonly CatchUp _catchUp = new();

    [Fact]
    public void Buckets_that_differ_are_fetched_four_at_once_and_each_once()
    {
        var asked = _catchUp.Begin(Nothing, [1, 0, 1, 1, 1, 1, 0, 1], Now).ToList();
        Assert.Equal([0, 2, 3, 4], asked);
        for (var i = 0; i < asked.Count; i++)
            asked.AddRange(_catchUp.Complete(asked[i], Now));

        Assert.Equal([0, 2, 3, 4, 5, 7], asked);
        Assert.True(_catchUp.IsIdle);
    }

    [Fact]
    public void Equal_digests_ask_for_nothing()
    {
        Assert.Empty(_catchUp.Begin(Nothing, Nothing, Now));
        Assert.True(_catchUp.IsIdle);
    }

    [Fact]
    public void Other_nodes_have_to_wait_until_it_is_done()
    {
        _catchUp.Begin(Nothing, [1, 1, 0, 0, 0, 0, 0, 0], Now);
        Assert.Empty(_catchUp.Begin(Nothing, [0, 0, 1, 0, 0, 0, 0, 0], Now));
        _catchUp.Complete(0, Now);
        Assert.Empty(_catchUp.Begin(Nothing, [0, 0, 1, 0, 0, 0, 0, 0], Now));
        _catchUp.Complete(1, Now);
        Assert.Equal(2, Assert.Single(_catchUp.Begin(Nothing, [0, 0, 1, 0, 0, 0, 0, 0], Now)));
    }

    [Fact]
    public void A_node_that_went_silent_is_given_up_and_its_late_pages_start_nothing()
    {
        _catchUp.Begin(Nothing, [1, 1, 1, 1, 1, 1, 1, 1], Now);
        Assert.True(_catchUp.Continue(0, Now.AddSeconds(5)));
        Assert.Empty(_catchUp.Begin(Nothing, [0, 0, 0, 0, 0, 0, 0, 1], Now.AddSeconds(14)));
        Assert.Equal(7, Assert.Single(_catchUp.Begin(Nothing, [0, 0, 0, 0, 0, 0, 0, 1], Now.AddSeconds(15))));

        Assert.False(_catchUp.Continue(0, Now.AddSeconds(16)));
        Assert.Empty(_catchUp.Complete(0, Now.AddSeconds(16)));
    }
}
