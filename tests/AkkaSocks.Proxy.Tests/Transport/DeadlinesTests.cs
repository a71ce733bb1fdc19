using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport;

public sealed class DeadlinesTests
{
    private const int Tick = Deadlines.TickMilliseconds;

    private readonly RecordingRef _owner = new();
    private readonly Deadlines _wheel;
    private long _now = 123_456_789;

    public DeadlinesTests() => _wheel = new Deadlines(() => _now);

    [Fact]
    public void It_fires_not_early_and_at_most_a_tick_late()
    {
        for (var delay = 0; delay < 200; delay++)
        {
            _owner.Told.Clear();
            new Deadline(_wheel, _owner, "due").Arm(TimeSpan.FromMilliseconds(delay));
            var armed = _now;
            while (_owner.Told.Count == 0)
            {
                _now++;
                _wheel.Advance();
            }

            Assert.InRange(_now - armed, delay, delay + Tick);
        }
    }

    [Theory]
    [InlineData(25_600)]
    [InlineData(25_601)]
    [InlineData(60_000)]
    [InlineData(900_000)]
    [InlineData(86_400_000)]
    public void A_deadline_more_than_a_turn_of_the_wheel_away_waits_for_its_turn(int delay)
    {
        new Deadline(_wheel, _owner, "due").Arm(TimeSpan.FromMilliseconds(delay));
        var armed = _now;
        for (; _now < armed + delay; _now += Tick)
        {
            _wheel.Advance();
            Assert.Empty(_owner.Told);
        }

        _now = armed + delay + Tick;
        _wheel.Advance();
        Assert.Single(_owner.Told);
    }

    [Fact]
    public void A_cancelled_deadline_does_not_fire_and_can_be_armed_again()
    {
        var deadline = new Deadline(_wheel, _owner, "due");
        deadline.Arm(TimeSpan.FromSeconds(1));
        Assert.True(deadline.IsPending);
        deadline.Cancel();
        deadline.Cancel();
        Assert.False(deadline.IsPending);
        Pass(2_000);
        Assert.Empty(_owner.Told);

        deadline.Arm(TimeSpan.FromSeconds(1));
        Pass(2_000);
        Assert.Single(_owner.Told);
        Assert.False(deadline.IsPending);
    }

    [Fact]
    public void Arming_again_forgets_the_arming_before()
    {
        var deadline = new Deadline(_wheel, _owner, "due");
        deadline.Arm(TimeSpan.FromSeconds(1));
        Pass(900);
        deadline.Arm(TimeSpan.FromSeconds(1));
        Pass(900);
        Assert.Empty(_owner.Told);
        Pass(200);
        Assert.Single(_owner.Told);
    }

    [Fact]
    public void After_a_long_sleep_everything_due_fires_once()
    {
        for (var i = 0; i < 2000; i++)
            new Deadline(_wheel, _owner, i).Arm(TimeSpan.FromMilliseconds(i * 40));
        Pass(3_600_000);
        Assert.Equal(2000, _owner.Told.Distinct().Count());
        Assert.Equal(2000, _owner.Told.Count);
        Assert.True(_wheel.IsEmpty);
    }

    [Fact]
    public void An_empty_wheel_that_nobody_advanced_for_a_day_is_not_late_afterwards()
    {
        _now += 86_400_000;
        new Deadline(_wheel, _owner, "due").Arm(TimeSpan.FromSeconds(1));
        Pass(999);
        Assert.Empty(_owner.Told);
        Pass(1 + Tick);
        Assert.Single(_owner.Told);
    }

    [Fact]
    public void Whoever_drives_the_wheel_is_woken_by_the_first_deadline_only()
    {
        var woken = 0;
        _wheel.OnFirstArmed = () => woken++;
        var first = new Deadline(_wheel, _owner, 1);
        Assert.True(_wheel.IsEmpty);
        first.Arm(TimeSpan.FromSeconds(1));
        new Deadline(_wheel, _owner, 2).Arm(TimeSpan.FromSeconds(1));
        Assert.Equal(1, woken);
        Assert.False(_wheel.IsEmpty);
        Pass(2_000);
        Assert.True(_wheel.IsEmpty);
        first.Arm(TimeSpan.FromSeconds(1));
        Assert.Equal(2, woken);
    }

    [Fact]
    public void Arming_and_cancelling_allocate_nothing()
    {
        var deadline = new Deadline(_wheel, _owner, "due");
        ArmAndCancel();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            ArmAndCancel();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void ArmAndCancel()
        {
            deadline.Arm(TimeSpan.FromSeconds(10));
            deadline.Arm(TimeSpan.FromSeconds(15));
            _now += 7;
            _wheel.Advance();
            deadline.Cancel();
        }
    }

    [Fact]
    public void It_does_what_a_list_of_times_does()
    {
        var delay = Gen.Frequency((4, Gen.Int[0, 2_000]), (1, Gen.Int[0, 200_000]));
        var step = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3], delay);
        step.Array[1, 200].Sample(
            steps =>
            {
                long now = 1_000_003;
                var owner = new RecordingRef();
                var wheel = new Deadlines(() => now);
                var deadlines = Enumerable.Range(0, 10).Select(i => new Deadline(wheel, owner, i)).ToArray();
                var due = new long?[10];
                foreach (var (which, what, milliseconds) in steps)
                {
                    switch (what)
                    {
                        case 0:
                            deadlines[which].Cancel();
                            due[which] = null;
                            break;
                        case 1:
                            deadlines[which].Arm(TimeSpan.FromMilliseconds(milliseconds));
                            due[which] = now + milliseconds;
                            break;
                        default:
                            now += milliseconds;
                            owner.Told.Clear();
                            wheel.Advance();
                            foreach (int fired in owner.Told)
                            {
                                Assert.True(due[fired] <= now, "early, or never armed");
                                due[fired] = null;
                            }

                            Assert.DoesNotContain(due, it => it + Tick <= now);
                            break;
                    }

                    Assert.Equal(due.All(it => it is null), wheel.IsEmpty);
                }
            },
            iter: 5_000);
    }

    [Fact]
    public void Threads_that_arm_and_cancel_while_it_turns_lose_nothing()
    {
        var wheel = new Deadlines(static () => Deadlines.Now);
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                var deadline = new Deadline(wheel, _owner, i);
                deadline.Arm(TimeSpan.FromMilliseconds(i % 2 == 0 ? 1 : 100_000));
                if (thread == 0)
                    wheel.Advance();
                if (i % 2 == 1)
                    deadline.Cancel();
            }
        });
        SpinWait.SpinUntil(() =>
        {
            wheel.Advance();
            return wheel.IsEmpty;
        });
        Assert.Equal(8 * 1_000, _owner.Told.Count);
    }

    private void Pass(int milliseconds)
    {
        _now += milliseconds;
        _wheel.Advance();
    }
}
