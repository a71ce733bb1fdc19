using System.Text;
using AkkaSocks.Mitm.Distortion;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Interception;

/// <summary>With <c>mitm.sniff.on-unknown = reject</c> nothing in scope passes that is not looked into.</summary>
public sealed class UnknownTrafficTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-unknown-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("SSH-2.0-client\r\n")]
    [InlineData("GET /evading HTTP/1.7\r\nHost: www.example.test\r\n\r\n")]
    [InlineData("get / HTTP/1.1\r\nHost: www.example.test\r\n\r\n")]
    public async Task What_is_neither_HTTP_nor_TLS_is_reset_and_the_origin_hears_nothing_of_it(string said)
    {
        var tunnel = To("www.example.test");
        await tunnel.FromClient.Writer.WriteAsync(Encoding.Latin1.GetBytes(said));

        await CarryAsync(tunnel, "reject").InTime();

        Assert.Equal((InterceptOutcome.OtherProtocol, 1), (tunnel.Outcome, tunnel.Resets));
        var read = await tunnel.ToOrigin.Reader.ReadAsync().InTime();
        Assert.True(read is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    [Fact]
    public async Task A_server_that_speaks_first_is_not_heard()
    {
        var tunnel = To("www.example.test");
        await tunnel.FromOrigin.Writer.WriteAsync("220 ready\r\n"u8.ToArray());

        await CarryAsync(tunnel, "reject").InTime();

        Assert.Equal((InterceptOutcome.ServerFirst, 1), (tunnel.Outcome, tunnel.Resets));
        var read = await tunnel.ToClient.Reader.ReadAsync().InTime();
        Assert.True(read is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    [Fact]
    public async Task Silence_is_waited_out_and_what_is_said_late_is_looked_into()
    {
        var (relayed, waiting) = (To("www.example.test"), To("www.example.test"));
        var late = CarryAsync(waiting, "reject");
        var untouched = CarryAsync(relayed, "relay");
        await Patience.UntilAsync(() => relayed.Outcome == InterceptOutcome.Silent, "silence to be relayed where that is wanted");
        Assert.Null(waiting.Outcome);
        await relayed.FromClient.Writer.CompleteAsync();
        await relayed.FromOrigin.Writer.CompleteAsync();
        await untouched.InTime();

        await waiting.FromClient.Writer.WriteAsync("GET / HTTP/1.1\r\nHost: www.example.test\r\n\r\n"u8.ToArray());
        await late.InTime();

        // That it was taken for HTTP shows by the engine that was wanted, which these tests have none of.
        Assert.Equal(InterceptOutcome.EngineFailed, waiting.Outcome);
    }

    [Fact]
    public async Task What_is_not_known_to_be_in_scope_passes()
    {
        var tunnel = To("192.0.2.1");
        await tunnel.FromClient.Writer.WriteAsync("SSH-2.0-client\r\n"u8.ToArray());
        var carrying = CarryAsync(tunnel, "reject");
        Assert.Equal("SSH-2.0-client\r\n", Encoding.ASCII.GetString((await tunnel.ToOrigin.Reader.ReadAsync().InTime()).Buffer));
        await tunnel.FromOrigin.Writer.CompleteAsync();
        await tunnel.FromClient.Writer.CompleteAsync();

        await carrying.InTime();

        Assert.Equal((InterceptOutcome.OtherProtocol, 0), (tunnel.Outcome, tunnel.Resets));
    }

    private async Task CarryAsync(PipedTunnel tunnel, string onUnknown)
    {
        var settings = Policies.NodeWith(
            $"enabled = on, scope.include = [\"*.example.test\"], on-engine-failure = reject, ca.dir = \"{_folder.FullName}/ca\", "
            + $"sniff {{ timeout = 10ms, on-unknown = {onUnknown} }}");
        await using var interceptor = new Interceptor(
            settings, new RawFlows(settings.Mitm.Exchanges), _ => throw new InvalidOperationException("no engine"));
        await interceptor.Carry(tunnel.Carried);
    }

    private static PipedTunnel To(string host)
    {
        Assert.True(Destination.TryOfName(Encoding.ASCII.GetBytes(host), 80, out var destination));
        return new PipedTunnel(destination, end => Assert.Fail($"{end}"));
    }
}
