using System.Buffers;
using System.Text;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry;

public sealed class SessionLogTests
{
    [Fact]
    public async Task Nothing_is_lost_when_it_is_closed()
    {
        var output = new MemoryStream();
        var log = new SessionLog(output, Line, queue: 50_000);
        var expected = new List<string>();
        for (var i = 0; i < 50_000; i++)
        {
            var record = TestRecord.Silent();
            expected.Add(record.Id.ToString());
            log.Ended(record);
        }

        await log.DisposeAsync();

        Assert.Equal(0, log.Dropped);
        Assert.Equal(expected, Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Failed_logins_are_written_apart_as_well_and_nothing_else_is()
    {
        var (all, failed) = (new MemoryStream(), new MemoryStream());
        var log = new SessionLog(all, Line, queue: 100, new SessionLog(failed, Line, queue: 100));
        var wrong = TestRecord.Silent();
        wrong.Refusal = Refusal.BadCredentials;
        log.Ended(TestRecord.Silent());
        log.Ended(wrong);

        await log.DisposeAsync();

        Assert.Equal(2, Encoding.ASCII.GetString(all.ToArray()).Count(it => it == '\n'));
        Assert.Equal($"{wrong.Id}\n", Encoding.ASCII.GetString(failed.ToArray()));
    }

    [Fact]
    public async Task A_writer_that_stalls_costs_lines_and_not_time()
    {
        var output = new StubbornStream();
        var log = new SessionLog(output, Line, queue: 100);
        output.Hold();
        for (var i = 0; i < 10_000; i++)
            log.Ended(TestRecord.Silent());
        Assert.InRange(log.Dropped, 1, 9_900);

        output.Release();
        await log.DisposeAsync().AsTask().InTime();
        Assert.Equal(10_000, output.Lines + log.Dropped);
        Assert.InRange(output.Lines, 100, 10_000);
    }

    [Fact]
    public async Task Lines_that_cannot_be_written_are_counted_and_later_ones_are_written()
    {
        Exception[] failures = [new IOException("disk full"), new UnauthorizedAccessException(), new ObjectDisposedException("pipe")];
        foreach (var failure in failures)
        {
            var output = new StubbornStream { Failure = failure };
            var log = new SessionLog(output, Line, queue: 100);
            log.Ended(TestRecord.Silent());
            log.Ended(TestRecord.Silent());
            await Eventually.TrueAsync(() => log.Dropped == 2, "two lines to be dropped");

            output.Failure = null;
            log.Ended(TestRecord.Silent());
            await log.DisposeAsync().AsTask().InTime();
            Assert.Equal(1, output.Lines);
            Assert.Equal(2, log.Dropped);
        }
    }

    [Fact]
    public async Task T8_a_full_disk_ends_neither_the_log_nor_the_node()
    {
        var log = new SessionLog(new FileStream("/dev/full", FileMode.Open, FileAccess.Write), Line, queue: 100);
        for (var i = 0; i < 3; i++)
        {
            log.Ended(TestRecord.Silent());
            await Eventually.TrueAsync(() => log.Dropped == i + 1, "the line to be dropped");
        }

        await log.DisposeAsync().AsTask().InTime();
        Assert.Equal(3, log.Dropped);
    }

    [Fact]
    public async Task Without_an_output_nothing_is_written_and_nothing_dropped()
    {
        var log = new SessionLog(null, (_, _) => throw new InvalidOperationException("Nobody asked for a line."), queue: 1);
        for (var i = 0; i < 10; i++)
            log.Ended(TestRecord.Silent());
        await log.DisposeAsync();
        Assert.Equal(0, log.Dropped);
    }

    private static void Line(SessionRecord record, IBufferWriter<byte> output) =>
        Encoding.ASCII.GetBytes($"{record.Id}\n", output);

    /// <summary>Waits or fails when told to.</summary>
    private sealed class StubbornStream : MemoryStream
    {
        private TaskCompletionSource _open = Opened();

        public Exception? Failure { get; set; }

        public int Lines => ToArray().Count(it => it == '\n');

        public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _open.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _open.Task;
            if (Failure is { } failure)
                throw failure;
            Write(buffer.Span);
        }

        private static TaskCompletionSource Opened()
        {
            var opened = new TaskCompletionSource();
            opened.SetResult();
            return opened;
        }
    }
}
