using System.Net;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Tests.Harness;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Limits;

public sealed class ConnectionGateTests
{
    private static readonly IPAddress Alice = IPAddress.Parse("192.0.2.1"), Bob = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void So_many_sessions_are_admitted_and_no_more_until_one_is_over()
    {
        var gate = GateOf(sessions: 2, perAddress: 2);
        Assert.Equal(Refusal.None, gate.TryEnter(Alice, out var first));
        Assert.Equal(Refusal.None, gate.TryEnter(Bob, out _));
        Assert.Equal(Refusal.TooManySessions, gate.TryEnter(IPAddress.Parse("192.0.2.3"), out _));
        Assert.Equal(2, gate.Sessions);

        first.Return();
        Assert.Equal(Refusal.None, gate.TryEnter(Bob, out _));
    }

    [Fact]
    public void A_session_with_a_second_place_is_one_session_and_takes_two_places()
    {
        var gate = GateOf(sessions: 3, perAddress: 3);
        Assert.Equal(Refusal.None, gate.TryEnter(Alice, out var first));
        Assert.True(gate.TryTakeSecond());
        Assert.Equal((1, 2), (gate.Sessions, gate.Places));
        Assert.True(gate.IsFullForTwo);

        Assert.Equal(Refusal.None, gate.TryEnter(Bob, out var second));
        Assert.False(gate.TryTakeSecond());
        Assert.Equal(Refusal.TooManySessions, gate.Objection(null));
        Assert.Equal((2, 3), (gate.Sessions, gate.Places));

        gate.ReturnSecond();
        Assert.True(gate.TryTakeSecond());
        gate.ReturnSecond();
        first.Return();
        second.Return();
        Assert.Equal((0, 0), (gate.Sessions, gate.Places));
    }

    [Fact]
    public void An_address_may_have_so_many_sessions_and_others_do_not_mind()
    {
        var gate = GateOf(sessions: 10, perAddress: 1);
        Assert.Equal(Refusal.None, gate.TryEnter(Alice, out var lease));
        Assert.Equal(Refusal.TooManySessionsFromAddress, gate.TryEnter(Alice, out _));
        Assert.Equal(Refusal.None, gate.TryEnter(Bob, out _));

        lease.Return();
        Assert.Equal(Refusal.None, gate.TryEnter(Alice, out _));
    }

    [Fact]
    public void What_would_be_said_is_known_without_taking_a_place()
    {
        var gate = GateOf(sessions: 2, perAddress: 1);
        Assert.Equal(Refusal.None, gate.Objection(Alice));
        gate.TryEnter(Alice, out _);
        Assert.Equal((Refusal.TooManySessionsFromAddress, Refusal.None), (gate.Objection(Alice), gate.Objection(null)));
        gate.TryEnter(Bob, out _);
        Assert.Equal(Refusal.TooManySessions, gate.Objection(null));
        Assert.Equal((2, 1), (gate.Sessions, gate.SessionsFrom(Alice)));
    }

    [Fact]
    public void Who_is_turned_away_takes_no_place()
    {
        var gate = GateOf(sessions: 2, perAddress: 1);
        gate.TryEnter(Alice, out _);
        for (var i = 0; i < 10; i++)
            gate.TryEnter(Alice, out _);
        Assert.Equal(1, gate.Sessions);
        Assert.Equal(Refusal.None, gate.TryEnter(Bob, out _));
    }

    [Fact]
    public void A_client_that_is_named_later_counts_to_its_address_from_then_on()
    {
        var gate = GateOf(sessions: 2, perAddress: 1);
        Assert.Equal(Refusal.None, gate.TryEnter(out var first));
        Assert.Equal(Refusal.None, gate.TryEnter(out var second));
        Assert.Equal(Refusal.TooManySessions, gate.TryEnter(out _));
        Assert.Equal(Refusal.None, first.Name(Alice));
        Assert.Equal(Refusal.TooManySessionsFromAddress, second.Name(Alice));

        second.Return();
        Assert.Equal(1, gate.Sessions);
        Assert.Equal(Refusal.TooManySessionsFromAddress, gate.TryEnter(Alice, out _));
        first.Return();
        Assert.Equal(0, gate.Sessions);
        Assert.Equal(Refusal.None, gate.TryEnter(Alice, out _));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:2:2::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("0.0.0.1", "::1", false)]
    public void S13_an_IPv6_customer_is_a_64_and_a_mapped_address_is_IPv4(string one, string other, bool same)
    {
        var gate = GateOf(sessions: 10, perAddress: 1);
        gate.TryEnter(IPAddress.Parse(one), out _);
        Assert.Equal(
            same ? Refusal.TooManySessionsFromAddress : Refusal.None,
            gate.TryEnter(IPAddress.Parse(other), out _));
    }

    [Fact]
    public void Neither_limit_is_ever_passed_by_many_threads_at_once()
    {
        // Few addresses, more threads than places: every entry contends.
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int.Array[64]).Sample(
            (sessions, perAddress, seeds) =>
            {
                var gate = GateOf(sessions, perAddress);
                var inside = new int[3];
                var all = 0;
                Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = 8 }, seed =>
                {
                    var who = (seed & int.MaxValue) % inside.Length;
                    if (gate.TryEnter(new IPAddress(new byte[] { 10, 0, 0, (byte)who }), out var lease) != Refusal.None)
                        return;
                    Assert.InRange(Interlocked.Increment(ref inside[who]), 1, perAddress);
                    Assert.InRange(Interlocked.Increment(ref all), 1, sessions);
                    Interlocked.Decrement(ref all);
                    Interlocked.Decrement(ref inside[who]);
                    lease.Return();
                });
                Assert.Equal(0, gate.Sessions);
            },
            iter: 2000,
            threads: 1);
    }

    private static ConnectionGate GateOf(int sessions, int perAddress) =>
        new(TestSettings.Default.Limits with { MaxSessions = sessions, MaxSessionsPerAddress = perAddress });
}
