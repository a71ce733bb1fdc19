using Akka.Actor;
using Akka.Streams;
using AkkaSocks.Proxy.Relays;
using BenchmarkDotNet.Attributes;

namespace AkkaSocks.Benchmarks.Micro;

/// <summary>What it costs to materialise a relay's graph.</summary>
[MemoryDiagnoser]
public class GraphBenchmarks
{
    private const int Graphs = 1000;
    private ActorSystem _system = null!;
    private ActorMaterializer _materializer = null!;

    [GlobalSetup]
    public void Setup() => _system = ActorSystem.Create("graphs");

    [GlobalCleanup]
    public Task Cleanup() => _system.Terminate();

    [IterationSetup]
    public void NewMaterializer() =>
        _materializer = ActorMaterializer.Create(_system, ActorMaterializerSettings.Create(_system).WithAutoFusing(false));

    [IterationCleanup]
    public void StopGraphs() => _materializer.Shutdown();

    [Benchmark(OperationsPerInvoke = Graphs)]
    public void Tunnel()
    {
        for (var i = 0; i < Graphs; i++)
            TunnelStage.Blueprint.Run(_materializer);
    }

    [Benchmark(OperationsPerInvoke = Graphs)]
    public void Flow()
    {
        for (var i = 0; i < Graphs; i++)
            FlowGraph.Blueprint.Run(_materializer);
    }
}
