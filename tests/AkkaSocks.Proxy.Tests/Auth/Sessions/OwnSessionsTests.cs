using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

public sealed class OwnSessionsTests
{
    private static readonly UserName Alice = UserName.FromText("alice");
    private readonly OwnSessions _sessions = new();
    private readonly SessionLedger _ledger = new(LedgerNetwork.Node(0));

    [Fact]
    public void A_lease_counts_while_it_is_held()
    {
        var lease = new SessionLease(_sessions, Alice);
        Assert.Equal(0, _sessions[Alice]);
        Assert.True(lease.TryHold());
        Assert.Equal(1, _sessions[Alice]);
        lease.Return();
        lease.Return();
        Assert.Equal(0, _sessions[Alice]);
    }

    [Fact]
    public void A_lease_returned_before_it_is_granted_is_never_counted()
    {
        var lease = new SessionLease(_sessions, Alice);
        lease.Return();
        Assert.False(lease.TryHold());
        Assert.Equal(0, _sessions[Alice]);
    }

    [Fact]
    public void However_grant_and_end_of_sessions_meet_none_stays_counted()
    {
        for (var i = 0; i < 2_000; i++)
        {
            var lease = new SessionLease(_sessions, Alice);
            Parallel.Invoke(() => lease.TryHold(), lease.Return);
        }

        Assert.Equal(0, _sessions[Alice]);
    }

    [Fact]
    public void The_first_change_since_a_drain_is_announced_and_no_other()
    {
        var announced = 0;
        _sessions.OnDirty = () => announced++;
        _sessions.Enter(Alice);
        _sessions.Enter(UserName.FromText("bob"));
        Assert.Equal(1, announced);

        _sessions.DrainInto(_ledger);
        _sessions.Leave(Alice);
        Assert.Equal(2, announced);
    }

    [Fact]
    public void A_drain_brings_the_ledger_up_to_date()
    {
        _sessions.Enter(Alice);
        _sessions.Enter(Alice);
        _sessions.DrainInto(_ledger);
        Assert.Equal(2, _ledger.TotalOf(Alice));
        _sessions.Leave(Alice);
        _sessions.DrainInto(_ledger);
        Assert.Equal(1, _ledger.TotalOf(Alice));
    }
}
