using System.Net;
using System.Text;
using AkkaSocks.Mitm.Distortion;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Mitm.Tests.Sniffing;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Interception;

/// <summary>Which tunnels are listened to before they are carried, and what their clients' first bytes say.</summary>
public sealed class NameScopeTests : IDisposable
{
    private static readonly Destination Address = Destination.OfAddress(IPAddress.Parse("192.0.2.7"), 443);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-scope-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("include = [\"*.example.test\"]", "ByName")]
    [InlineData("include = [\"*.example.test\", \"192.0.2.0/24\"]", "Inside")]
    [InlineData("include = [\"198.51.100.0/24\"]", "Outside")]
    [InlineData("include = [\"*.example.test\"], ports = [8443]", "Outside")]
    [InlineData("include = [\"*.example.test\"], users = [alice]", "Outside")]
    [InlineData("include = [\"*.example.test\"], exclude = [\"192.0.2.7\"]", "Outside")]
    public async Task Only_where_nothing_but_a_name_can_tell_it_is_waited_for(string scope, string expected)
    {
        await using var interceptor = Open($"scope {{ {scope} }}");

        Assert.Equal(expected, interceptor.ScopeOf(Address, null).ToString());
    }

    [Fact]
    public async Task Where_nothing_may_pass_unseen_whoever_looks_into_tunnels_waits()
    {
        await using var interceptor = Open("scope.include = [\"*.example.test\"], sniff.on-unknown = reject");

        Assert.Equal(TunnelScope.Inside, interceptor.ScopeOf(Address, null));
    }

    [Fact]
    public async Task The_name_decides_once_all_of_it_is_there()
    {
        await using var interceptor = Open("scope { include = [\"*.example.test\"], exclude = [bank.example.test] }");
        var hello = RealHello.Of("www.example.test");

        Assert.All(Enumerable.Range(1, hello.Length - 1), length => Assert.Equal(TunnelScope.ByName, Hear(hello[..length]).Scope));
        Assert.Equal(TunnelScope.Inside, Hear(hello).Scope);
        Assert.Equal(
            new FirstWords(TunnelScope.Outside, InterceptOutcome.OutOfScope, "bank.example.test"), Hear(RealHello.Of("bank.example.test")));
        Assert.Equal(new FirstWords(TunnelScope.Outside, InterceptOutcome.OutOfScope, "other.test"), Hear(RealHello.Of("other.test")));

        FirstWords Hear(byte[] said) => interceptor.Hear(Address, said);
    }

    /// <summary>Without TLS there is no name that is in scope, and nothing is waited for.</summary>
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: www.example.test\r\n", "OutOfScope")]
    [InlineData("G", "OutOfScope")]
    [InlineData("SSH-2.0-x\r\n", "OtherProtocol")]
    [InlineData("\u0016\u0002", "OtherProtocol")]
    public async Task What_has_no_name_is_outside_at_once(string said, string outcome)
    {
        await using var interceptor = Open("scope.include = [\"*.example.test\"]");

        Assert.Equal(
            new FirstWords(TunnelScope.Outside, Enum.Parse<InterceptOutcome>(outcome), null),
            interceptor.Hear(Address, Encoding.ASCII.GetBytes(said)));
    }

    private Interceptor Open(string mitm)
    {
        var settings = Policies.NodeWith($"enabled = on, ca.dir = \"{_folder.FullName}/ca\", {mitm}");
        return new Interceptor(settings, new RawFlows(settings.Mitm.Exchanges), _ => throw new InvalidOperationException("no engine"));
    }
}
