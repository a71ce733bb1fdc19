using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Limits;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Bans;

public sealed class BanListTests
{
    private static readonly BanTarget Alice = BanTarget.Of(UserName.FromText("alice"));
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_ban_holds_for_its_time_and_no_longer()
    {
        var bans = List();
        Assert.True(bans.IsEmpty);
        bans.Impose(Alice, BanCause.Operator, "spam", Second, now: 500);
        Assert.False(bans.IsEmpty);
        Assert.Equal(BanCause.Operator, bans.Find(Alice, 1499));
        Assert.Null(bans.Find(Alice, 1500));
        Assert.Empty(bans.All(1500));

        bans.Expire(1500);
        Assert.Equal((0, true), (bans.Count, bans.IsEmpty));
    }

    [Fact]
    public void A_ban_is_told_with_what_is_left_of_it_and_holds_as_long_at_a_node_with_another_clock()
    {
        var (here, there) = (List(1), List(2));
        here.Impose(Alice, BanCause.Failures, null, Second, now: 0);
        var told = Assert.Single(here.All(400));
        Assert.Equal(TimeSpan.FromMilliseconds(600), told.Remaining);

        Assert.True(there.Merge(told, now: 1_000_000));
        Assert.NotNull(there.Find(Alice, 1_000_599));
        Assert.Null(there.Find(Alice, 1_000_600));
    }

    [Fact]
    public void Hearing_a_ban_again_later_does_not_prolong_it()
    {
        var (here, there) = (List(1), List(2));
        var told = here.Impose(Alice, BanCause.Failures, null, Second, now: 0);
        there.Merge(told, 0);
        Assert.False(there.Merge(told, 900));
        Assert.Null(there.Find(Alice, 1000));
    }

    [Fact]
    public void Of_two_tellings_the_one_that_lost_less_time_on_its_way_counts()
    {
        var (here, there) = (List(1), List(2));
        var told = here.Impose(Alice, BanCause.Failures, null, Second, now: 0);
        there.Merge(told, 8000);
        there.Merge(told with { Remaining = TimeSpan.FromMilliseconds(10) }, 8001);
        Assert.Null(there.Find(Alice, 8011));
    }

    [Fact]
    public void A_lifted_ban_does_not_come_back_by_a_copy_of_it()
    {
        var (here, there) = (List(1), List(2));
        var ban = here.Impose(Alice, BanCause.Failures, null, Second, now: 0);
        there.Merge(ban, 0);
        var lifted = there.Lift(ban.Version, 100);
        Assert.NotNull(lifted);
        Assert.Null(there.Lift(ban.Version, 100));
        Assert.Null(there.Lift(lifted.Version, 100));
        Assert.False(there.Merge(ban, 200));
        Assert.Null(there.Find(Alice, 200));

        Assert.True(here.Merge(lifted, 200));
        Assert.Null(here.Find(Alice, 200));
        Assert.Equal(here.Digest(200), there.Digest(200));
    }

    [Fact]
    public void A_ban_imposed_after_a_lifting_was_heard_of_counts()
    {
        var (here, there) = (List(1), List(2));
        var ban = here.Impose(Alice, BanCause.Operator, null, Second, now: 0);
        for (var i = 0; i < 5; i++)
            ban = here.Impose(Alice, BanCause.Operator, null, Second, now: 0);
        there.Merge(here.Lift(ban.Version, 0)!, 0);
        Assert.True(here.Merge(there.Impose(Alice, BanCause.Operator, "again", Second, 0), 0));
        Assert.NotNull(here.Find(Alice, 0));
    }

    [Fact]
    public void Only_so_many_are_held_and_the_oldest_for_failures_go_first_on_every_node()
    {
        var (here, there) = (new BanList(1, 100), new BanList(2, 100));
        here.Impose(Alice, BanCause.Operator, null, Second, 0);
        for (var i = 0; i < 10_000; i++)
            here.Impose(Address(i), BanCause.Failures, null, Second, 0);
        Assert.Equal(100, here.Count);
        Assert.NotNull(here.Find(Alice, 0));
        Assert.NotNull(here.Find(Address(9_999), 0));
        Assert.Null(here.Find(Address(5), 0));

        var notices = here.All(0).ToList();
        there.Impose(Address(20_000), BanCause.Failures, null, Second, 0);
        foreach (var notice in Enumerable.Reverse(notices))
            there.Merge(notice, 0);
        Assert.Equal(here.Digest(0), there.Digest(0));
    }

    [Fact]
    public void Digests_differ_when_a_single_ban_does()
    {
        var (here, there) = (List(1), List(2));
        var ban = here.Impose(Alice, BanCause.Failures, null, Second, now: 0);
        there.Merge(ban, 0);
        Assert.Equal(here.Digest(0), there.Digest(0));
        there.Impose(Alice, BanCause.Operator, null, Second, now: 0);
        Assert.NotEqual(here.Digest(0), there.Digest(0));
        Assert.Equal((0, 0ul), here.Digest(1000));
    }

    [Theory]
    [InlineData("17-0a1b2c3d", true)]
    [InlineData("017-0a1b2c3d", false)]
    [InlineData("17-A1B2C3D", false)]
    [InlineData("17", false)]
    [InlineData("-1-00000000", false)]
    [InlineData("99999999999999999999-00000000", false)]
    public void A_version_is_read_as_it_is_written_and_not_otherwise(string text, bool isOne) =>
        Assert.Equal(isOne, BanVersion.TryParse(text, out _));

    private static BanList List(uint origin = 1) => new(origin, maxEntries: 1000);

    private static BanTarget Address(int host) =>
        BanTarget.Of(ClientNetwork.Of(new IPAddress([10, (byte)(host >> 16), (byte)(host >> 8), (byte)host])));
}
