using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using AkkaSocks.Proxy.Telemetry.Actors;
using BenchmarkDotNet.Attributes;

namespace AkkaSocks.Benchmarks.Micro;

/// <summary>What an actor costs from start to stop, under a parent that has many.</summary>
[MemoryDiagnoser]
public class ActorBenchmarks
{
    private const int Actors = 2000;
    private ActorSystem _system = null!;
    private IActorRef _parent = null!;

    /// <summary>Children the parent has besides.</summary>
    [Params(0, 5000)]
    public int Siblings { get; set; }

    /// <summary><c>metrics.actors</c>.</summary>
    [Params(false, true)]
    public bool Measured { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var hocon = ConfigurationFactory.ParseString(MeasuredMailbox.Hocon);
        _system = ActorSystem.Create(
            "actors", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(hocon), new ActorMetricsSetup(new ActorMetrics(Measured))));
        _parent = _system.ActorOf(Akka.Actor.Props.Create(() => new Parent(Siblings)));
    }

    [GlobalCleanup]
    public Task Cleanup() => _system.Terminate();

    [Benchmark(OperationsPerInvoke = Actors)]
    public Task StartTellStop() => _parent.Ask<Parent.AllStopped>(new Parent.Run(Actors));

    private sealed class Parent : UntypedActor
    {
        private static readonly Props ChildProps = Akka.Actor.Props.Create<Child>();
        private int _left;
        private IActorRef _asker = ActorRefs.Nobody;

        public Parent(int siblings)
        {
            for (var i = 0; i < siblings; i++)
                Context.ActorOf(ChildProps);
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Run run:
                    _asker = Sender;
                    _left = run.Count;
                    for (var i = 0; i < run.Count; i++)
                        Context.ActorOf(ChildProps).Tell(Stop.Instance);
                    break;
                case Stop when --_left == 0:
                    _asker.Tell(new AllStopped());
                    break;
            }
        }

        public sealed record Run(int Count);

        public sealed record AllStopped;
    }

    private sealed class Child : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            Context.Parent.Tell(message);
            Context.Stop(Self);
        }
    }

    private sealed class Stop
    {
        public static readonly Stop Instance = new();
    }
}
