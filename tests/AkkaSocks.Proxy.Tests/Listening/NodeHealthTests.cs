using System.Net;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Listening;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport.Epoll;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Listening;

public sealed class NodeHealthTests : IDisposable
{
    private readonly EpollTransport _transport = new(2, _ => { });
    private readonly ProxyLimits _limits = TestSettings.Default.Limits with { MaxSessions = 1 };
    private readonly ConnectionGate _gate;
    private readonly NodeHealth _health;
    private int _listeners = 1;
    private string? _storeProblem;

    public NodeHealthTests()
    {
        _gate = new ConnectionGate(_limits);
        _health = new NodeHealth(_transport, _gate, () => _listeners, () => _storeProblem);
    }

    public void Dispose() => _transport.Dispose();

    [Fact]
    public void A_node_with_room_whose_loops_sleep_is_well()
    {
        Assert.Empty(_health.Failures);
        Assert.Empty(_health.Obstacles);
        Assert.Empty(_health.Warnings);
    }

    [Fact]
    public async Task A_loop_that_stands_still_is_a_failure_until_it_turns_again()
    {
        using var go = new ManualResetEventSlim();
        _transport.Loops[1].Post(new Posted(go.Wait));
        await Eventually.TrueAsync(() => _health.Failures.Any(), "the loop to be missed");
        Assert.StartsWith("event loop 1 has not turned", Assert.Single(_health.Failures), StringComparison.Ordinal);
        go.Set();
        await Eventually.TrueAsync(() => !_health.Failures.Any(), "the loop to turn again");
    }

    [Fact]
    public void A_full_node_and_one_that_does_not_listen_are_no_place_for_clients()
    {
        Assert.Equal(Refusal.None, _gate.TryEnter(IPAddress.Loopback, out var lease));
        Assert.Equal(["limits.max-sessions is reached: 1"], _health.Obstacles);
        lease.Return();
        _listeners = 0;
        Assert.Equal(["nothing listens"], _health.Obstacles);
    }

    [Fact]
    public void A_store_that_is_away_is_told_and_takes_no_node_from_its_clients()
    {
        _storeProblem = "connection refused";
        Assert.Equal(["the user store is away: connection refused"], _health.Warnings);
        Assert.Empty(_health.Obstacles);
    }
}
