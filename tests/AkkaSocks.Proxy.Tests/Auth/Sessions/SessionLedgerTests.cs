using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

public sealed class SessionLedgerTests
{
    private static readonly UserName Alice = UserName.FromText("alice");
    private static readonly UserName Bob = UserName.FromText("bob");
    private static readonly NodeIncarnation A = LedgerNetwork.Node(0), B = LedgerNetwork.Node(1), C = LedgerNetwork.Node(2);

    [Fact]
    public void Whatever_the_network_does_no_limit_is_exceeded_and_all_agree_once_it_is_quiet()
    {
        var step = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 999], Gen.Int[0, 1]);
        step.Array[1, 120].Sample(
            steps =>
            {
                var network = new LedgerNetwork();
                foreach (var (action, a, b) in steps)
                {
                    network.Step(action, a, b);
                    Assert.All(LedgerNetwork.Users, user => Assert.InRange(network.Alive(user), 0, LedgerNetwork.Limit));
                }

                network.BeQuiet();
                foreach (var user in LedgerNetwork.Users)
                {
                    Assert.All(network.Ledgers, ledger => Assert.Equal(network.Alive(user), ledger.TotalOf(user)));
                    Assert.All(network.Ledgers, ledger =>
                        Assert.Equal(network.Alive(user) < LedgerNetwork.Limit, ledger.TryAdmit(user, LedgerNetwork.Limit)));
                }
            },
            iter: 5_000);
    }

    [Fact]
    public void A_place_is_held_from_the_grant_until_the_count_has_it()
    {
        var (owner, origin) = (Ledger(A, B), Ledger(B, A));
        var grant = owner.TryGrant(B, lease: 1, Alice, limit: 1, now: 0);
        Assert.False(owner.TryAdmit(Alice, 1));

        origin.Settle(A, grant);
        origin.SetOwn(Alice, 1);
        owner.Receive(origin.TakeDelta()! with { SettledGrants = origin.SettledGrantsOf(A) });
        Assert.Equal(1, owner.TotalOf(Alice));
        Assert.False(owner.TryAdmit(Alice, 1));

        origin.SetOwn(Alice, 0);
        owner.Receive(origin.TakeDelta()! with { SettledGrants = origin.SettledGrantsOf(A) });
        Assert.True(owner.TryAdmit(Alice, 1));
    }

    [Fact]
    public void Asking_again_for_a_lease_takes_no_second_place()
    {
        var owner = Ledger(A, B);
        Assert.Equal(1, owner.TryGrant(B, lease: 7, Alice, limit: 1, now: 0));
        Assert.Equal(2, owner.TryGrant(B, lease: 7, Alice, limit: 1, now: 0));
        Assert.Equal(0, owner.TryGrant(B, lease: 8, Alice, limit: 1, now: 0));
    }

    [Fact]
    public void A_grant_that_arrives_after_a_later_one_is_void()
    {
        var origin = Ledger(B, A);
        Assert.True(origin.Settle(A, 2));
        Assert.False(origin.Settle(A, 1));
        Assert.False(origin.Settle(A, 2));
        Assert.True(origin.Settle(A, 3));
    }

    [Fact]
    public void A_grant_that_nobody_settles_is_forgotten_after_its_time()
    {
        var owner = Ledger(A, B);
        owner.TryGrant(B, lease: 1, Alice, limit: 1, now: 1_000);
        owner.ExpireGrants(before: 1_000);
        Assert.False(owner.TryAdmit(Alice, 1));
        owner.ExpireGrants(before: 1_001);
        Assert.True(owner.TryAdmit(Alice, 1));
    }

    [Fact]
    public void A_dropped_node_takes_its_sessions_and_its_places_along()
    {
        var ledger = Ledger(A, B, C);
        ledger.Receive(new LedgerDelta(B, 1, 1, [new(Alice, 3), new(Bob, 1)], 0));
        ledger.Receive(new LedgerDelta(C, 1, 1, [new(Alice, 2)], 0));
        ledger.TryGrant(B, lease: 1, Bob, limit: 9, now: 0);

        ledger.Drop(B);

        Assert.Equal((2, 0), (ledger.TotalOf(Alice), ledger.TotalOf(Bob)));
        Assert.True(ledger.TryAdmit(Bob, 1));
    }

    [Fact]
    public void What_a_node_that_is_no_member_says_counts_nothing()
    {
        var ledger = Ledger(A, B);
        ledger.Drop(B);
        ledger.Receive(new LedgerDelta(B, 1, 1, [new(Alice, 3)], 0));
        ledger.Receive(new LedgerSnapshot(B, 5, 0, 1, [new(Alice, 3)], 0));
        Assert.Equal(0, ledger.TotalOf(Alice));
        Assert.False(ledger.Knows(B));
    }

    [Fact]
    public void A_node_restarted_at_the_same_address_begins_with_nothing()
    {
        var ledger = Ledger(A, B);
        ledger.Receive(new LedgerDelta(B, 1, 9, [new(Alice, 3)], 0));
        var again = B with { Uid = 99 };
        ledger.Join(again);
        ledger.Receive(new LedgerDelta(again, 1, 1, [new(Alice, 1)], 0));
        ledger.Drop(B);
        Assert.Equal(1, ledger.TotalOf(Alice));
    }

    [Fact]
    public void A_table_is_known_only_once_it_was_heard()
    {
        var (ledger, silent) = (Ledger(A, B), Ledger(B, A));
        Assert.True(ledger.Knows(A));
        Assert.False(ledger.Knows(B));
        Assert.True(ledger.Receive(silent.Digest()));
        Assert.True(ledger.Knows(B));
    }

    [Fact]
    public void A_delta_behind_a_gap_changes_nothing_and_asks_for_a_snapshot()
    {
        var ledger = Ledger(A, B);
        Assert.False(ledger.Receive(new LedgerDelta(B, 2, 2, [new(Alice, 3)], 0)));
        Assert.Equal(0, ledger.TotalOf(Alice));
    }

    [Fact]
    public void A_snapshot_in_many_parts_counts_when_its_last_part_arrives_in_whatever_order()
    {
        var (ledger, big) = (Ledger(A, B), Ledger(B, A));
        ledger.Receive(new LedgerDelta(B, 1, 1, [new(Alice, 3)], 0));
        for (var i = 0; i < 5_000; i++)
            big.SetOwn(UserName.FromText($"user-{i}"), 1 + (i % 3));
        var parts = big.SnapshotFor(A).Reverse().ToList();

        foreach (var part in parts[..^1])
            ledger.Receive(part);
        Assert.Equal((3, 0), (ledger.TotalOf(Alice), ledger.TotalOf(UserName.FromText("user-1"))));

        ledger.Receive(parts[0]);
        ledger.Receive(parts[^1]);
        Assert.InRange(parts.Count, 5, 6);
        Assert.Equal((0, 2), (ledger.TotalOf(Alice), ledger.TotalOf(UserName.FromText("user-1"))));
        Assert.True(ledger.Receive(big.Digest()));
    }

    [Fact]
    public void A_digest_that_differs_in_a_single_count_is_noticed()
    {
        var (ledger, other) = (Ledger(A, B), Ledger(B, A));
        other.SetOwn(Alice, 1);
        other.SetOwn(Bob, 2);
        Assert.True(ledger.Receive(new LedgerDelta(B, 1, 2, [new(Alice, 2), new(Bob, 1)], 0)));
        Assert.False(ledger.Receive(other.Digest()));
    }

    private static SessionLedger Ledger(NodeIncarnation self, params NodeIncarnation[] others)
    {
        var ledger = new SessionLedger(self);
        foreach (var other in others)
            ledger.Join(other);
        return ledger;
    }
}
