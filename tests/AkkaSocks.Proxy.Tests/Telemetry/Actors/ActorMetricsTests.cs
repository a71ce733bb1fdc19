using System.Diagnostics;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using AkkaSocks.Proxy.Telemetry.Actors;
using AkkaSocks.Proxy.Telemetry.Figures;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry.Actors;

public sealed class ActorMetricsTests : IAsyncLifetime
{
    private readonly Meter _meter = new("ActorMetricsTests");
    private readonly ActorMetrics _actors = new();
    private readonly MetricSet _metrics;
    private readonly ActorSystem _system;

    public ActorMetricsTests()
    {
        _metrics = new MetricSet(_meter);
        _actors.Declare(_metrics);
        _system = ActorSystem.Create("measured", ActorSystemSetup.Create(
        [
            BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(
                MeasuredMailbox.Hocon + "akka { stdout-loglevel = OFF, loglevel = OFF, log-dead-letters = off }")),
            new ActorMetricsSetup(_actors),
        ]));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _meter.Dispose();
    }

    [Fact]
    public async Task An_actor_is_counted_from_its_start_to_its_stop()
    {
        var first = NewWorker();
        var second = NewWorker();
        await DoneAsync(first);
        await DoneAsync(second);
        Assert.Equal(2, Value("akkasocks.actors", "worker"));
        await first.GracefulStop(TimeSpan.FromSeconds(10));
        Assert.Equal(1, Value("akkasocks.actors", "worker"));
        Assert.Equal(2, Value("akkasocks.actors.started", "worker"));
        Assert.Equal(1, Value("akkasocks.actors.stopped", "worker"));
    }

    [Fact]
    public async Task A_failure_is_counted_and_so_is_the_start_anew()
    {
        var worker = NewWorker();
        worker.Tell(new Worker.Fail());
        await DoneAsync(worker);
        Assert.Equal(1, Value("akkasocks.actors.failures", "worker"));
        Assert.Equal(1, Value("akkasocks.actors.restarts", "worker"));
        Assert.Equal(1, Value("akkasocks.actors.started", "worker"));
        Assert.Equal(1, Value("akkasocks.actors", "worker"));
        Assert.Equal(1, Assert.Single(_actors.Messages(), it => it is { Actor: "worker", Message: "worker.fail" }).Failed);
    }

    [Fact]
    public async Task An_actor_that_fails_as_it_starts_is_counted()
    {
        _system.ActorOf(Props.Create(() => new StillBorn()).WithSupervisorStrategy(SupervisorStrategy.StoppingStrategy));
        await Eventually.TrueAsync(() => Value("akkasocks.actors.failures", "still-born") > 0, "the failure to be counted");
    }

    [Fact]
    public async Task Messages_that_wait_are_counted_and_the_most_at_once_is_remembered()
    {
        var worker = NewWorker();
        using var go = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        worker.Tell(new Worker.Hold(held, go));
        held.Wait(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 5; i++)
            worker.Tell(new Worker.Nothing());
        Assert.Equal(5, Value("akkasocks.actors.mailbox-depth", "worker"));
        Assert.Equal(5, Value("akkasocks.actors.mailbox-peak", "worker"));
        go.Set();
        await DoneAsync(worker);
        Assert.Equal(0, Value("akkasocks.actors.mailbox-depth", "worker"));
        Assert.InRange(Value("akkasocks.actors.mailbox-peak", "worker"), 5, 6);
        Assert.Equal(7, Value("akkasocks.actors.messages", "worker"));
    }

    [Fact]
    public async Task One_message_in_64_is_timed_by_its_type()
    {
        var worker = NewWorker();
        for (var i = 0; i < 128; i++)
            worker.Tell(new Worker.Nothing());
        await DoneAsync(worker);
        Assert.Equal(2, Value("akkasocks.actors.handling", "worker", "worker.nothing"));
        Assert.Equal(2, Value("akkasocks.actors.mailbox-wait", "worker", "worker.nothing"));
        var read = Assert.Single(_actors.Messages(), it => it is { Actor: "worker", Message: "worker.nothing" });
        Assert.Equal((2, 2, 0), (read.Handling.Count, read.Waiting.Count, read.Failed));
    }

    [Fact]
    public async Task The_time_of_a_message_is_its_wait_and_its_handling_and_no_time_after_it()
    {
        var worker = NewWorker();
        using var go = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        for (var i = 0; i < 62; i++)
            worker.Tell(new Worker.Nothing());
        worker.Tell(new Worker.Hold(held, go));
        worker.Tell(new Worker.Nothing());
        held.Wait(TimeSpan.FromSeconds(10));

        // Sent as number 64 it waits behind the one that holds; what it costs itself is little.
        var since = Stopwatch.StartNew();
        await Eventually.TrueAsync(() => since.ElapsedMilliseconds > 120, "time to pass");
        go.Set();
        await DoneAsync(worker);
        var waited = Distribution("akkasocks.actors.mailbox-wait", "worker", "worker.nothing");
        var handled = Distribution("akkasocks.actors.handling", "worker", "worker.nothing");
        Assert.InRange(waited.Sum, 0.1, 10);
        Assert.InRange(handled.Sum, 0, 0.1);
    }

    [Fact]
    public async Task A_message_that_stops_its_actor_is_timed_too()
    {
        var worker = NewWorker();
        for (var i = 0; i < 63; i++)
            worker.Tell(new Worker.Nothing());
        worker.Tell(new Worker.Stop());
        await Eventually.TrueAsync(
            () => Value("akkasocks.actors.handling", "worker", "worker.stop") == 1, "the last message to be counted");
    }

    [Fact]
    public async Task What_waits_for_a_stopped_actor_is_a_dead_letter_and_what_it_does_not_want_unhandled()
    {
        var lost = new LostMessages(_system);
        var worker = NewWorker();
        worker.Tell(new Worker.Unwanted());
        worker.Tell(new Worker.Unwanted());
        await DoneAsync(worker);
        Assert.Equal(2, Assert.Single(lost.Unhandled, it => it.Labels is ["worker.unwanted"]).Value);
        await worker.GracefulStop(TimeSpan.FromSeconds(10));
        worker.Tell(new Worker.Nothing());
        worker.Tell("no type of ours");
        Assert.Equal(1, Assert.Single(lost.DeadLetters, it => it.Labels is ["worker.nothing"]).Value);
        Assert.Equal(1, Assert.Single(lost.DeadLetters, it => it.Labels is [ActorNames.Others]).Value);
        Assert.Equal(0, Value("akkasocks.actors.mailbox-depth", "worker"));
    }

    [Fact]
    public async Task Actors_and_messages_of_others_have_no_names()
    {
        var worker = NewWorker();
        for (var i = 0; i < 64; i++)
            worker.Tell($"text {i}");
        await DoneAsync(worker);
        Assert.Equal(1, Value("akkasocks.actors.handling", "worker", ActorNames.Others));
        Assert.True(Value("akkasocks.actors", ActorNames.Others) > 3);
    }

    private IActorRef NewWorker() => _system.ActorOf(Props.Create(() => new Worker()));

    private static Task DoneAsync(IActorRef worker) => worker.Ask(new Worker.Answer(), TimeSpan.FromSeconds(10));

    private double Value(string metric, params string[] labels) => Find(metric, labels).Value;

    private Distribution Distribution(string metric, params string[] labels) => Find(metric, labels).Distribution!;

    private Series Find(string metric, string[] labels) =>
        _metrics.All.Single(it => it.Name == metric).Read().SingleOrDefault(it => it.Labels.SequenceEqual(labels));

    private sealed class Worker : MeasuredActor
    {
        internal sealed record Nothing;

        internal sealed record Answer;

        internal sealed record Fail;

        internal sealed record Stop;

        internal sealed record Unwanted;

        internal sealed record Hold(ManualResetEventSlim Held, ManualResetEventSlim Go);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Answer:
                    Sender.Tell(message);
                    break;
                case Fail:
                    throw new InvalidOperationException("It was told to.");
                case Stop:
                    Context.Stop(Self);
                    break;
                case Hold hold:
                    hold.Held.Set();
                    hold.Go.Wait(TimeSpan.FromSeconds(10));
                    break;
                case Unwanted:
                    Unhandled(message);
                    break;
            }
        }
    }

    private sealed class StillBorn : MeasuredActor
    {
        protected override void PreStart() => throw new InvalidOperationException("It was told to.");

        protected override void OnReceive(object message)
        {
        }
    }
}
