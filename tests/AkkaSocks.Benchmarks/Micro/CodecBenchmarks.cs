using System.Net;
using AkkaSocks.Protocol;
using BenchmarkDotNet.Attributes;

namespace AkkaSocks.Benchmarks.Micro;

/// <summary>What a handshake's bytes cost.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly byte[] _greeting = [5, 3, 0, 1, 2];
    private readonly byte[] _credentials = [1, 5, .. "alice"u8, 6, .. "secret"u8];
    private readonly byte[] _byAddress = [5, 1, 0, 1, 198, 51, 100, 7, 1, 187];
    private readonly byte[] _byName = [5, 1, 0, 3, 15, .. "www.example.com"u8, 1, 187];
    private readonly byte[] _reply = new byte[Reply.MaxLength];
    private readonly IPEndPoint _bound = new(IPAddress.Parse("192.0.2.1"), 40000);

    [Benchmark]
    public DecodeStatus ReadGreeting() => Greeting.TryRead(_greeting, out _, out _);

    [Benchmark]
    public DecodeStatus ReadCredentials() => Credentials.TryRead(_credentials, out _, out _);

    [Benchmark]
    public DecodeStatus ReadRequestByAddress() => Request.TryRead(_byAddress, out _, out _, out _);

    [Benchmark]
    public DecodeStatus ReadRequestByName() => Request.TryRead(_byName, out _, out _, out _);

    [Benchmark]
    public int WriteReply() => Reply.Write(_reply, ReplyCode.Succeeded, _bound);
}
