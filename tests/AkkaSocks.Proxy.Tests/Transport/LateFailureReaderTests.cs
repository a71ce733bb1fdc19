using System.IO.Pipelines;
using System.Text;
using AkkaSocks.Proxy.Tests.Harness;
using AkkaSocks.Proxy.Transport;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport;

/// <summary>What was written comes before the news that no more will.</summary>
public sealed class LateFailureReaderTests
{
    private readonly Pipe _pipe = new();
    private readonly LateFailureReader _reader;

    public LateFailureReaderTests() => _reader = new LateFailureReader(_pipe.Reader);

    [Fact]
    public async Task All_that_was_written_is_read_before_the_failure_is_told()
    {
        await _pipe.Writer.WriteAsync("alert"u8.ToArray());
        Fail();

        var read = await _reader.ReadAsync();
        Assert.Equal(("alert", false), (Encoding.ASCII.GetString(read.Buffer), read.IsCompleted));
        _reader.AdvanceTo(read.Buffer.GetPosition(2));
        read = await _reader.ReadAsync();
        Assert.Equal("ert", Encoding.ASCII.GetString(read.Buffer));
        _reader.AdvanceTo(read.Buffer.End);
        await Assert.ThrowsAsync<IOException>(() => _reader.ReadAsync().AsTask());
        await Assert.ThrowsAsync<IOException>(() => _reader.ReadAsync().AsTask());
    }

    [Fact]
    public async Task Whoever_waits_is_told_at_once()
    {
        var reading = _reader.ReadAsync().AsTask();
        Fail();

        await Assert.ThrowsAsync<IOException>(() => reading).InTime();
    }

    /// <summary>A reader that needs more than there is would ask for ever.</summary>
    [Fact]
    public async Task Whoever_takes_nothing_of_what_is_left_is_told()
    {
        await _pipe.Writer.WriteAsync("half"u8.ToArray());
        Fail();

        var read = await _reader.ReadAsync();
        _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);

        await Assert.ThrowsAsync<IOException>(() => _reader.ReadAsync().AsTask()).InTime();
    }

    /// <summary>TLS asks with a read of no bytes whether there is something, so that it holds no buffer meanwhile.</summary>
    [Fact]
    public async Task Whoever_asks_first_whether_there_is_something_gets_it()
    {
        await _pipe.Writer.WriteAsync("alert"u8.ToArray());
        Fail();
        await using var stream = _reader.AsStream();
        var bytes = new byte[10];

        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(5, await stream.ReadAsync(bytes));
        await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(bytes).AsTask()).InTime();
    }

    [Fact]
    public async Task Without_a_failure_it_is_the_pipes_own_reader()
    {
        await _pipe.Writer.WriteAsync("end"u8.ToArray());
        await _pipe.Writer.CompleteAsync();

        var read = await _reader.ReadAsync();

        Assert.Equal(("end", true), (Encoding.ASCII.GetString(read.Buffer), read.IsCompleted));
    }

    private void Fail()
    {
        _reader.Failure = new IOException("reset");
        _pipe.Writer.Complete();
    }
}
