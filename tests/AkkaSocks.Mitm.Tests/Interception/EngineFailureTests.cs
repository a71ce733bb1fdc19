using System.Text;
using AkkaSocks.Mitm.Distortion;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Interception;

/// <summary>The HTTP engine does not start: what <c>on-engine-failure</c> says becomes of tunnels.</summary>
public sealed class EngineFailureTests : IDisposable
{
    private const string Request = "GET / HTTP/1.1\r\n\r\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-engine-");
    private readonly PipedTunnel _tunnel = new(Www(), end => Assert.Fail($"{end}"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task They_are_relayed_untouched_to_their_end_and_nobody_is_reset()
    {
        var carrying = CarryAsync("relay");
        await _tunnel.FromClient.Writer.WriteAsync(Encoding.ASCII.GetBytes(Request));
        Assert.Equal(Request, Encoding.ASCII.GetString((await _tunnel.ToOrigin.Reader.ReadAsync().InTime()).Buffer));
        await _tunnel.FromOrigin.Writer.WriteAsync("bytes of the origin"u8.ToArray());
        Assert.Equal("bytes of the origin", Encoding.ASCII.GetString((await _tunnel.ToClient.Reader.ReadAsync().InTime()).Buffer));
        await _tunnel.FromOrigin.Writer.CompleteAsync();
        await _tunnel.FromClient.Writer.CompleteAsync();

        await carrying.InTime();

        Assert.Equal((InterceptOutcome.EngineFailed, 0), (_tunnel.Outcome, _tunnel.Resets));
    }

    [Fact]
    public async Task Or_they_are_reset_and_the_origin_hears_nothing_of_them()
    {
        await _tunnel.FromClient.Writer.WriteAsync(Encoding.ASCII.GetBytes(Request));

        await CarryAsync("reject").InTime();

        Assert.Equal((InterceptOutcome.EngineFailed, 1), (_tunnel.Outcome, _tunnel.Resets));
        var read = await _tunnel.ToOrigin.Reader.ReadAsync().InTime();
        Assert.True(read is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    private async Task CarryAsync(string onFailure)
    {
        var settings = Policies.NodeWith(
            $"enabled = on, scope.include = [\"*\"], on-engine-failure = {onFailure}, ca.dir = \"{_folder.FullName}/ca\"");
        await using var interceptor = new Interceptor(
            settings, new RawFlows(settings.Mitm.Exchanges), _ => throw new InvalidOperationException("no engine"));
        await interceptor.Carry(_tunnel.Carried);
    }

    private static Destination Www()
    {
        Assert.True(Destination.TryOfName("www.example.test"u8, 80, out var destination));
        return destination;
    }
}
