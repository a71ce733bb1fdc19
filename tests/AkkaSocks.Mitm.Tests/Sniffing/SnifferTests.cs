using System.IO.Pipelines;
using System.Text;
using AkkaSocks.Mitm.Interception;
using AkkaSocks.Mitm.Sniffing;
using AkkaSocks.Mitm.Tests.Harness;
using AkkaSocks.Proxy.Outcomes;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Sniffing;

/// <summary>Whoever speaks, and whoever does not: it is told, and whoever reads next gets every byte.</summary>
public sealed class SnifferTests
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(10), Soon = TimeSpan.FromMilliseconds(20);

    private readonly Pipe _client = new(), _server = new();

    [Fact]
    public async Task A_request_is_told_when_its_line_is_there_byte_by_byte()
    {
        var looking = Look(Never, Never);
        foreach (var one in "GET / HTTP/1.1\r\n"u8.ToArray())
            await _client.Writer.WriteAsync(new[] { one });

        Assert.Equal(Spoken.Http1, (await looking.InTime()).Spoken);
        await AssertIsLeft(_client, "GET / HTTP/1.1\r\n");
        await AssertCanWait(_server);
    }

    [Fact]
    public async Task A_server_that_speaks_first_is_told_at_once()
    {
        var looking = Look(Never, Never);
        await _server.Writer.WriteAsync("SSH-2.0-x\r\n"u8.ToArray());

        Assert.Equal(InterceptOutcome.ServerFirst, (await looking.InTime()).Otherwise);
        await AssertIsLeft(_server, "SSH-2.0-x\r\n");
        await AssertCanWait(_client);
    }

    [Fact]
    public async Task Silence_is_told_after_a_while()
    {
        Assert.Equal(InterceptOutcome.Silent, (await Look(Soon, Never).InTime()).Otherwise);
        await AssertCanWait(_client);
        await AssertCanWait(_server);
    }

    [Fact]
    public async Task A_client_that_has_begun_may_take_longer_than_silence_but_not_for_ever()
    {
        await _client.Writer.WriteAsync("GET"u8.ToArray());

        Assert.Equal(InterceptOutcome.Silent, (await Look(Never, Soon).InTime()).Otherwise);
        await AssertIsLeft(_client, "GET");
    }

    [Fact]
    public async Task What_a_client_has_begun_with_is_carried_before_it_goes_on()
    {
        await _client.Writer.WriteAsync("GET"u8.ToArray());
        await Look(Never, Soon).InTime();

        await AssertIsLeft(Relayed(), "GET");
    }

    [Fact]
    public async Task What_a_client_says_after_the_silence_is_carried()
    {
        await Look(Soon, Never).InTime();
        var received = Relayed();
        await _client.Writer.WriteAsync("hi"u8.ToArray());

        await AssertIsLeft(received, "hi");
    }

    [Fact]
    public async Task A_client_that_ends_without_a_word_is_silent()
    {
        await _client.Writer.CompleteAsync();

        Assert.Equal(InterceptOutcome.Silent, (await Look(Never, Never).InTime()).Otherwise);
    }

    /// <summary>What the server gets of both being relayed as they are.</summary>
    private Pipe Relayed()
    {
        Pipe received = new(), toClient = new();
        var client = new RelayEnd(new Sides(_client.Reader, toClient.Writer));
        var server = new RelayEnd(new Sides(_server.Reader, received.Writer));
        _ = Task.WhenAll(UntouchedRelay.CarryAsync(client, server), UntouchedRelay.CarryAsync(server, client));
        return received;
    }

    private sealed record Sides(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private Task<Finding> Look(TimeSpan silence, TimeSpan patience) =>
        new Sniffer(silence, 16_384).LookAsync(_client.Reader, _server.Reader, patience);

    private static async Task AssertIsLeft(Pipe pipe, string text)
    {
        var read = pipe.Reader.TryRead(out var left) ? left : await pipe.Reader.ReadAsync().InTime();
        Assert.False(read.IsCanceled);
        Assert.Equal(text, Encoding.ASCII.GetString(read.Buffer));
    }

    /// <summary>No cancellation is left over: the next byte ends the next read.</summary>
    private static async Task AssertCanWait(Pipe pipe)
    {
        var reading = pipe.Reader.ReadAsync().AsTask();
        Assert.False(reading.IsCompleted);
        await pipe.Writer.WriteAsync("x"u8.ToArray());
        Assert.False((await reading.InTime()).IsCanceled);
    }
}
