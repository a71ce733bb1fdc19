using System.Net.Sockets;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Epoll;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport.Epoll;

public sealed class EventLoopTests
{
    [Fact]
    public async Task An_event_of_a_closed_connection_never_reaches_the_next_owner_of_its_descriptor()
    {
        using var pair = new TransportPair(epoll: true);
        using var origin = new Origin();
        using var stuck = await StuckOrigin.StartAsync();
        var lane = (EpollLane)pair.Lane;
        var reused = 0;
        for (var round = 0; round < 100 && reused < 10; round++)
        {
            var owners = new[] { new WaitingOwner(), new WaitingOwner() };
            var connections = new EpollConnection[2];
            var farEnds = new Socket[2];
            for (var i = 0; i < 2; i++)
            {
                connections[i] = await pair.OnLane(() => (EpollConnection)lane.Dial(origin.Endpoint, owners[i], out _)!);
                await pair.UntilAsync(owners[i], () => connections[i].ConnectOutcome() == SocketError.Success);
                farEnds[i] = await origin.AcceptAsync();
            }

            // Both are readable in one batch of events. Whichever comes first closes the other one and dials anew; the
            // other one's event is on its way already, and the new connection, often with the same descriptor, never
            // becomes ready by itself.
            var heir = new WaitingOwner();
            EpollConnection? dialed = null;
            var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var sent = new ManualResetEventSlim();
            var blocked = pair.OnLane(() =>
            {
                for (var i = 0; i < 2; i++)
                {
                    var other = connections[1 - i];
                    connections[i].Watch(new Once(() =>
                    {
                        var descriptor = other.Descriptor;
                        if (dialed is not null || descriptor < 0)
                            return;
                        other.Close();
                        dialed = (EpollConnection)lane.Dial(stuck.Endpoint, heir, out _)!;
                        if (dialed.Descriptor == descriptor)
                            reused++;
                    }));
                }

                busy.SetResult();
                sent.Wait(TimeSpan.FromSeconds(10));
            });
            await busy.Task.InTime();
            foreach (var farEnd in farEnds)
                await farEnd.SendAsync(new byte[] { 1 });
            sent.Set();
            await blocked;
            await Eventually.TrueAsync(() => dialed is not null, "an event");
            await pair.OnLane(() => { });

            Assert.Equal(0, heir.Count);
            await pair.OnLane(() =>
            {
                dialed!.Close();
                connections[0].Close();
                connections[1].Close();
            });
            foreach (var farEnd in farEnds)
                farEnd.Dispose();
        }

        Assert.True(reused > 0, "The kernel never gave a descriptor out again, so nothing was tested.");
        Assert.Empty(pair.Defects);
    }

    [Fact]
    public void What_is_posted_runs_in_order()
    {
        using var transport = new EpollTransport(1, _ => { });
        var ran = new List<int>();
        using var done = new ManualResetEventSlim();
        for (var i = 0; i < 10_000; i++)
        {
            var number = i;
            transport.Loops[0].Post(new Posted(() => ran.Add(number)));
        }

        transport.Loops[0].Post(new Posted(done.Set));
        Assert.True(done.Wait(TimeSpan.FromSeconds(20)));
        Assert.Equal(Enumerable.Range(0, 10_000), ran);
    }

    [Fact]
    public void What_is_posted_after_the_end_runs_all_the_same()
    {
        var transport = new EpollTransport(1, _ => { });
        transport.Dispose();
        var ran = 0;
        transport.Loops[0].Post(new Posted(() => ran++));
        Assert.Equal(1, ran);
    }

    [Fact]
    public async Task Nothing_that_was_posted_is_lost_by_stopping()
    {
        for (var round = 0; round < 50; round++)
        {
            var transport = new EpollTransport(1, _ => { });
            var loop = transport.Loops[0];
            int posted = 0, ran = 0;
            var stopping = false;

            // From outside, and from the loop itself: what runs posts again.
            void Run()
            {
                Interlocked.Increment(ref ran);
                if (!Volatile.Read(ref stopping))
                    Post();
            }

            void Post()
            {
                Interlocked.Increment(ref posted);
                loop.Post(new Posted(Run));
            }

            Post();
            var posters = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 200; i++)
                    Post();
            })).ToArray();
            Volatile.Write(ref stopping, true);
            transport.Dispose();
            await Task.WhenAll(posters).InTime();
            Post();
            Assert.Equal(posted, ran);
        }
    }

    [Fact]
    public async Task An_exception_is_told_and_the_loop_goes_on()
    {
        var told = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var transport = new EpollTransport(1, told.SetResult);
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        transport.Loops[0].Post(new Posted(() => throw new InvalidOperationException("a defect")));
        transport.Loops[0].Post(new Posted(ran.SetResult));
        Assert.Equal("a defect", (await told.Task.InTime()).Message);
        await ran.Task.InTime();
    }

    [Fact]
    public async Task A_sleeping_loop_wakes_for_its_first_deadline()
    {
        using var transport = new EpollTransport(1, _ => { });
        var owner = new RecordingRef();
        new Deadline(transport.Loops[0].Deadlines, owner, "due").Arm(TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(() => owner.Told.Count == 1, "the deadline");
    }

    [Fact]
    public async Task Two_nodes_in_one_process_do_not_disturb_each_other()
    {
        using var origin = Origin.Echo();
        await using var one = await TestNode.StartAsync(TestSettings.Default.Over(Engine.EpollTunnel));
        var other = await TestNode.StartAsync(TestSettings.Default.Over(Engine.EpollTunnel));
        using var client = await one.OpenAsync(origin.Endpoint);
        using var doomed = await other.OpenAsync(origin.Endpoint);
        await client.SendAsync(1);
        await client.ExpectAsync(1);

        await other.DisposeAsync();

        await doomed.ExpectResetAsync();
        await client.SendAsync(2);
        await client.ExpectAsync(2);
        using var next = await one.OpenAsync(origin.Endpoint);
        await next.SendAsync(3);
        await next.ExpectAsync(3);
    }

    private sealed class Once(Action then) : IConnectionOwner
    {
        public void OnReady(Readiness readiness) => then();
    }
}
