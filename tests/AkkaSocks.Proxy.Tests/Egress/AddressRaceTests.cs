using System.Collections.Immutable;
using System.Net;
using AkkaSocks.Proxy.Egress;
using AkkaSocks.Proxy.Outcomes;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Egress;

public sealed class AddressRaceTests
{
    [Fact]
    public void A_single_address_is_tried_without_a_timer()
    {
        var race = Race(1);
        Assert.Equal(Attempt(0, armDelay: false), race.Start());
        Assert.Equal(Won(0), race.Connected(0));
    }

    [Fact]
    public void The_next_address_is_tried_when_the_delay_is_over()
    {
        var race = Race(3);
        Assert.Equal(Attempt(0, armDelay: true), race.Start());
        Assert.Equal(Attempt(1, armDelay: true), race.DelayElapsed());
        Assert.Equal(Attempt(2, armDelay: false), race.DelayElapsed());
        Assert.Equal(RaceStep.Wait, race.DelayElapsed());
        Assert.Equal(Won(1), race.Connected(1));
    }

    [Fact]
    public void A_failure_starts_the_next_address_at_once()
    {
        var race = Race(2);
        race.Start();
        Assert.Equal(Attempt(1, armDelay: false), race.Failed(0, Refusal.NetworkUnreachable));
        Assert.Equal(Won(1), race.Connected(1));
    }

    [Fact]
    public void A_failure_of_the_last_address_waits_for_those_under_way()
    {
        var race = Race(2);
        race.Start();
        race.DelayElapsed();
        Assert.Equal(RaceStep.Wait, race.Failed(1, Refusal.ConnectionRefused));
        Assert.Equal(Won(0), race.Connected(0));
    }

    [Fact]
    public void The_first_to_connect_wins_and_whatever_comes_later_changes_nothing()
    {
        var race = Race(3);
        race.Start();
        race.DelayElapsed();
        Assert.Equal(Won(1), race.Connected(1));
        Assert.Equal(RaceStep.Wait, race.Connected(0));
        Assert.Equal(RaceStep.Wait, race.Failed(0, Refusal.ConnectionRefused));
        Assert.Equal(RaceStep.Wait, race.DelayElapsed());
        Assert.Equal(RaceStep.Wait, race.DeadlinePassed());
    }

    [Fact]
    public void An_event_of_an_attempt_that_is_not_under_way_changes_nothing()
    {
        var race = Race(2);
        Assert.Equal(RaceStep.Wait, race.DelayElapsed());
        race.Start();
        Assert.Equal(RaceStep.Wait, race.Start());
        Assert.Equal(RaceStep.Wait, race.Connected(1));
        race.Failed(0, Refusal.ConnectionRefused);
        Assert.Equal(RaceStep.Wait, race.Failed(0, Refusal.ConnectionRefused));
        Assert.Equal(RaceStep.Wait, race.Connected(0));
    }

    [Theory]
    [InlineData("ConnectTimedOut", "ConnectTimedOut")]
    [InlineData("ConnectionRefused ConnectTimedOut", "ConnectionRefused")]
    [InlineData("ConnectTimedOut ConnectionRefused", "ConnectionRefused")]
    [InlineData("HostUnreachable NetworkUnreachable", "HostUnreachable")]
    [InlineData("NetworkUnreachable ConnectTimedOut", "NetworkUnreachable")]
    [InlineData("NetworkUnreachable HostUnreachable", "HostUnreachable")]
    [InlineData("HostUnreachable ConnectionRefused", "ConnectionRefused")]
    [InlineData("ConnectTimedOut ConnectFailed", "ConnectTimedOut")]
    [InlineData("ConnectFailed ConnectForbidden", "ConnectForbidden")]
    [InlineData("ConnectForbidden ConnectFailed", "ConnectFailed")]
    public void Giving_up_says_the_cause_that_tells_most(string causes, string expected)
    {
        var failures = causes.Split(' ').Select(Enum.Parse<Refusal>).ToArray();
        var race = Race(failures.Length);
        race.Start();
        var step = RaceStep.Wait;
        for (var i = 0; i < failures.Length; i++)
            step = race.Failed(i, failures[i]);

        Assert.Equal(RaceMove.GiveUp, step.Move);
        Assert.Equal(expected, step.Refusal.ToString());
    }

    [Theory]
    [InlineData(nameof(Refusal.ConnectionRefused), nameof(Refusal.ConnectionRefused))]
    [InlineData(nameof(Refusal.ConnectFailed), nameof(Refusal.ConnectTimedOut))]
    public void At_the_deadline_a_failure_that_says_more_than_the_timeout_is_kept(string failure, string expected)
    {
        var race = Race(2);
        race.Start();
        race.Failed(0, Enum.Parse<Refusal>(failure));
        Assert.Equal(expected, race.DeadlinePassed().Refusal.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public void A_race_has_1_to_16_addresses(int count) => Assert.Throws<ArgumentOutOfRangeException>(() => Race(count));

    [Fact]
    public void Whatever_happens_each_address_is_tried_once_in_order_and_the_race_ends_once()
    {
        var @event = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 15]);
        Gen.Select(Gen.Int[1, 16], @event.Array[0, 60]).Sample((count, events) =>
        {
            var race = Race(count);
            var steps = new List<RaceStep> { race.Start() };
            foreach (var (kind, index) in events)
            {
                steps.Add(kind switch
                {
                    0 => race.DelayElapsed(),
                    1 or 2 => race.Failed(index, Refusal.HostUnreachable),
                    _ => race.Connected(index),
                });
            }

            steps.Add(race.DeadlinePassed());
            var tried = steps.Where(s => s.Move == RaceMove.StartAttempt).Select(s => s.Index).ToArray();
            var end = steps.FindIndex(s => s.Move is RaceMove.Won or RaceMove.GiveUp);
            return tried.SequenceEqual(Enumerable.Range(0, tried.Length)) && tried.Length <= count
                && end >= 0 && steps.Skip(end + 1).All(s => s == RaceStep.Wait)
                && (steps[end].Move == RaceMove.GiveUp || tried.Contains(steps[end].Index));
        });
    }

    [Fact]
    public void A_race_allocates_nothing()
    {
        ImmutableArray<IPAddress> one = [IPAddress.Loopback];
        Run(one);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(one);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static RaceStep Run(ImmutableArray<IPAddress> addresses)
        {
            var race = new AddressRace(addresses);
            race.Start();
            return race.Connected(0);
        }
    }

    private static RaceStep Attempt(int index, bool armDelay) => new(RaceMove.StartAttempt, index, armDelay, Refusal.None);

    private static RaceStep Won(int index) => new(RaceMove.Won, index, false, Refusal.None);

    private static AddressRace Race(int count) =>
        new([.. Enumerable.Range(1, count).Select(i => IPAddress.Parse($"198.51.100.{i}"))]);
}
