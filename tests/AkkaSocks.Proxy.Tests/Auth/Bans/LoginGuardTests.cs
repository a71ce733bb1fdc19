using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Bans;

[Collection(Alone.Name)]
public sealed class LoginGuardTests
{
    private static readonly BanSettings Settings = TestSettings.Default.Auth.Bans with
    {
        Window = TimeSpan.FromSeconds(60),
        FailuresPerUserAtAddress = 3,
        FailuresPerAddress = 5,
        FailuresPerUser = 10,
        Duration = TimeSpan.FromSeconds(100),
        KnownAddressTtl = TimeSpan.FromHours(1),
    };

    private readonly ManualClock _clock = new();

    [Fact]
    public void A_client_that_keeps_trying_an_old_password_bans_its_user_there_and_nobody_else()
    {
        var guard = Guard();
        Fail(guard, 3, _ => Login("alice", 1));
        Assert.Equal(Refusal.UserBanned, guard.Objection(Login("alice", 1)));
        Assert.Equal(Refusal.None, guard.Objection(Login("bob", 1)));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 2)));
        Assert.Equal(Refusal.None, guard.Objection(null, Login("bob", 1).Network));
    }

    [Fact]
    public void An_address_that_fails_with_many_names_is_banned_and_other_addresses_are_not()
    {
        var guard = Guard();
        Fail(guard, 5, i => Login($"user-{i}", 1));
        Assert.Equal(Refusal.AddressBanned, guard.Objection(Login("alice", 1)));
        Assert.Equal(Refusal.AddressBanned, guard.Objection(null, Login("alice", 1).Network));
        Assert.Equal(Refusal.None, guard.Objection(Login("user-0", 2)));
    }

    [Fact]
    public void An_attack_from_many_addresses_bans_the_user_except_where_it_has_logged_in_before()
    {
        var guard = Guard();
        guard.Succeeded(Login("alice", 200));
        Fail(guard, 10, i => Login("alice", i));
        Assert.Equal(Refusal.UserBanned, guard.Objection(Login("alice", 100)));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 200)));
        Assert.Equal(Refusal.None, guard.Objection(Login("bob", 100)));

        // Known or not, whoever fails there is banned there.
        Fail(guard, 3, _ => Login("alice", 200));
        Assert.Equal(Refusal.UserBanned, guard.Objection(Login("alice", 200)));
    }

    [Fact]
    public void An_address_is_no_longer_known_when_its_time_is_over()
    {
        var guard = Guard(Settings with { Duration = TimeSpan.FromHours(2) });
        guard.Succeeded(Login("alice", 200));
        Fail(guard, 10, i => Login("alice", i));
        _clock.Advance(Settings.KnownAddressTtl);
        Assert.Equal(Refusal.UserBanned, guard.Objection(Login("alice", 200)));
    }

    [Fact]
    public void A_success_resets_nothing()
    {
        var guard = Guard();
        Fail(guard, 4, i => Login($"user-{i}", 1));
        guard.Succeeded(Login("alice", 1));
        Fail(guard, 1, _ => Login("eve", 1));
        Assert.Equal(Refusal.AddressBanned, guard.Objection(Login("alice", 1)));
    }

    [Fact]
    public void A_ban_ends_and_counting_begins_anew()
    {
        var guard = Guard();
        Fail(guard, 3, _ => Login("alice", 1));
        _clock.Advance(Settings.Duration);
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 1)));
        Fail(guard, 2, _ => Login("alice", 1));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 1)));
    }

    [Fact]
    public void Failures_count_together_only_within_the_window()
    {
        var guard = Guard();
        Fail(guard, 2, _ => Login("alice", 1));
        _clock.Advance(Settings.Window);
        Fail(guard, 2, _ => Login("alice", 1));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 1)));
    }

    [Fact]
    public void Failures_that_were_under_way_when_the_ban_came_do_not_count_towards_the_next()
    {
        var guard = Guard();
        Fail(guard, 5, _ => Login("alice", 1));
        _clock.Advance(Settings.Duration);
        Fail(guard, 1, _ => Login("alice", 1));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 1)));
    }

    [Fact]
    public void An_exempt_network_is_not_banned_for_failures_and_makes_no_user_known()
    {
        var guard = Guard(Settings with { Exempt = [IPNetwork.Parse("10.0.0.0/24")] });
        guard.Succeeded(Login("alice", 1));
        Fail(guard, 9, _ => Login("alice", 1));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 1)));
        Fail(guard, 1, _ => Login("alice", 1));
        Assert.Equal(Refusal.UserBanned, guard.Objection(Login("alice", 1)));
        Assert.Equal(Refusal.None, guard.Objection(Login("bob", 1)));

        guard.Impose(BanTarget.Of(Login("bob", 1).Network), null, null);
        Assert.Equal(Refusal.AddressBanned, guard.Objection(Login("bob", 1)));
    }

    [Fact]
    public void Unlimited_bans_nobody()
    {
        var guard = Guard(Settings with { FailuresPerAddress = null, FailuresPerUser = null, FailuresPerUserAtAddress = null });
        Fail(guard, 1000, _ => Login("alice", 1));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 1)));
    }

    [Fact]
    public void A_user_banned_by_an_operator_is_banned_where_it_is_known_too_until_the_ban_is_lifted()
    {
        var guard = Guard();
        guard.Succeeded(Login("alice", 1));
        var ban = guard.Impose(BanTarget.Of(UserName.FromText("alice")), TimeSpan.FromDays(1), "spam");
        Assert.Equal(Refusal.UserBanned, guard.Objection(Login("alice", 1)));
        Assert.True(guard.Lift(ban.Version));
        Assert.False(guard.Lift(ban.Version));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 1)));
    }

    [Fact]
    public void A_lifted_ban_is_not_back_after_the_next_failure()
    {
        var guard = Guard(Settings with { FailuresPerAddress = 100 });
        Fail(guard, 3, _ => Login("alice", 1));
        Assert.True(guard.Lift(guard.Bans().Single().Version));
        Fail(guard, 2, _ => Login("alice", 1));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 1)));
    }

    [Fact]
    public void Failures_of_other_nodes_count_and_none_of_them_twice()
    {
        var guard = Guard();
        var other = new NodeIncarnation("other", 1);
        var message = new LoginsFailed(other, 1, [Login("alice", 1), Login("alice", 1)]);
        for (var i = 0; i < 5; i++)
            guard.Receive(message);
        guard.Receive(new LoginsFailed(other, 2, [Login("alice", 1)]));
        Assert.Equal(Refusal.None, guard.Objection(Login("alice", 1)));

        guard.Receive(new LoginsFailed(other, 2, [Login("alice", 1), Login("alice", 1)]));
        Assert.Equal(Refusal.UserBanned, guard.Objection(Login("alice", 1)));
    }

    [Fact]
    public void News_hold_each_thing_once_and_are_announced()
    {
        var guard = Guard();
        var announced = 0;
        guard.OnNews = () => announced++;
        guard.Succeeded(Login("alice", 1));
        guard.Succeeded(Login("alice", 1));
        Fail(guard, 2, _ => Login("alice", 9));
        var first = guard.TakeNews();
        Fail(guard, 1, _ => Login("alice", 9));
        var second = guard.TakeNews();

        Assert.Equal(4, announced);
        Assert.Equal((0, 1L, 2, 1), (first.Bans.Length, first.FirstFailure, first.Failures.Length, first.Known.Length));
        Assert.Equal((1, 3L, 1, 0), (second.Bans.Length, second.FirstFailure, second.Failures.Length, second.Known.Length));
        Assert.True(guard.TakeNews() is { Bans.Length: 0, Failures.Length: 0, Known.Length: 0 });
    }

    [Fact]
    public void A_million_made_up_names_and_addresses_leave_the_memory_as_it_is()
    {
        var guard = Guard(Settings with { MaxEntries = 1000 });
        for (var i = 0; i < 50_000; i++)
            Step(i);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 50_000; i < 1_000_000; i++)
            Step(i);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 2_000_000);
        Assert.InRange(guard.Bans().Length, 1, 1000);

        void Step(int i)
        {
            var login = Login($"a-name-that-nobody-has-{i}", i);
            for (var failure = 0; failure < (i % 10 == 0 ? 3 : 1); failure++)
                guard.Failed(login);
            guard.Succeeded(login);
            guard.TakeNews();
        }
    }

    private LoginGuard Guard(BanSettings? settings = null) => new(settings ?? Settings, _clock);

    private static void Fail(LoginGuard guard, int count, Func<int, LoginOrigin> login)
    {
        for (var i = 0; i < count; i++)
            guard.Failed(login(i));
    }

    private static LoginOrigin Login(string user, int host) =>
        new(UserName.FromText(user), ClientNetwork.Of(new IPAddress([10, (byte)(host >> 16), (byte)(host >> 8), (byte)host])));
}
