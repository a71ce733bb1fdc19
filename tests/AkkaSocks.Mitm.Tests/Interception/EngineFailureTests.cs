using System.IO.Pipelines;
using System.Net;
using System.Text;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Interception;

/// <summary>The HTTP engine does not start: what <c>on-engine-failure</c> says becomes of tunnels.</summary>
public sealed class EngineFailureTests : IDisposable
{
    private const string Request = "GET / HTTP/1.1\r\n\r\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-engine-");
    private readonly Pipe _fromClient = new(), _toClient = new(), _fromOrigin = new(), _toOrigin = new();
    private InterceptOutcome? _outcome;
    private int _resets;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task They_are_relayed_untouched_to_their_end_and_nobody_is_reset()
    {
        var carrying = CarryAsync("relay");
        await _fromClient.Writer.WriteAsync(Encoding.ASCII.GetBytes(Request));
        Assert.Equal(Request, Encoding.ASCII.GetString((await _toOrigin.Reader.ReadAsync().InTime()).Buffer));
        await _fromOrigin.Writer.WriteAsync("bytes of the origin"u8.ToArray());
        Assert.Equal("bytes of the origin", Encoding.ASCII.GetString((await _toClient.Reader.ReadAsync().InTime()).Buffer));
        await _fromOrigin.Writer.CompleteAsync();
        await _fromClient.Writer.CompleteAsync();

        await carrying.InTime();

        Assert.Equal((InterceptOutcome.EngineFailed, 0), (_outcome, _resets));
    }

    [Fact]
    public async Task Or_they_are_reset_and_the_origin_hears_nothing_of_them()
    {
        await _fromClient.Writer.WriteAsync(Encoding.ASCII.GetBytes(Request));

        await CarryAsync("reject").InTime();

        Assert.Equal((InterceptOutcome.EngineFailed, 1), (_outcome, _resets));
        var read = await _toOrigin.Reader.ReadAsync().InTime();
        Assert.True(read is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    private async Task CarryAsync(string onFailure)
    {
        var settings = Policies.NodeWith(
            $"enabled = on, scope.include = [\"*\"], on-engine-failure = {onFailure}, ca.dir = \"{_folder.FullName}/ca\"");
        await using var interceptor = new Interceptor(settings, _ => throw new InvalidOperationException("no engine"));
        Assert.True(Destination.TryOfName("www.example.test"u8, 80, out var destination));
        await interceptor.Carry(new InterceptedTunnel
        {
            Session = "s",
            From = new IPEndPoint(IPAddress.Loopback, 40_000),
            User = null,
            Destination = destination,
            HandshakeTimeout = TimeSpan.FromMinutes(1),
            Client = new Sides(_fromClient.Reader, _toClient.Writer),
            Origin = new Sides(_fromOrigin.Reader, _toOrigin.Writer),
            ClientEnded = CancellationToken.None,
            Dial = (_, _) => throw new InvalidOperationException("Nothing is to be dialed."),
            Reset = () => Interlocked.Increment(ref _resets),
            Note = outcome => _outcome = outcome,
        });
    }

    private sealed record Sides(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
