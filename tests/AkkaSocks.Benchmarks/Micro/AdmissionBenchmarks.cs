using System.Net;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Rules;
using AkkaSocks.Proxy.Settings;
using BenchmarkDotNet.Attributes;

namespace AkkaSocks.Benchmarks.Micro;

/// <summary>What it costs to let a connection in, and to judge where it goes.</summary>
[MemoryDiagnoser]
public class AdmissionBenchmarks
{
    private readonly IPAddress _client = IPAddress.Parse("203.0.113.9"), _destination = IPAddress.Parse("93.184.216.34");
    private ConnectionGate _gate = null!;
    private DestinationPolicy _policy = null!;

    [GlobalSetup]
    public void Setup()
    {
        _gate = new ConnectionGate(new ProxyLimits
        {
            MaxSessions = 10_000,
            MaxSessionsPerAddress = 10_000,
            HandshakeTimeout = TimeSpan.FromSeconds(10),
            ConnectTimeout = TimeSpan.FromSeconds(10),
        });
        var dns = new DnsSettings
        {
            Servers = [], HostsFile = "", Timeout = TimeSpan.FromSeconds(4), MaxLookups = 1, MaxWaiting = 1, Cache = false, CacheMaxEntries = 1,
        };
        var egress = new EgressSettings
        {
            DenySpecialPurpose = true, Allow = [], AttemptDelay = TimeSpan.FromMilliseconds(250), HideBoundAddress = false, ProxyProtocol = [], Dns = dns,
        };
        _policy = new DestinationPolicy(egress, new OwnEndpoints(new OwnAddresses(OwnAddresses.OfThisHost, TimeProvider.System)));
    }

    [Benchmark]
    public void EnterAndLeaveTheGate()
    {
        _gate.TryEnter(_client, out var lease);
        lease.Return();
    }

    [Benchmark]
    public bool JudgeADestination() => _policy.Judge(_destination, 443) == 0;
}
