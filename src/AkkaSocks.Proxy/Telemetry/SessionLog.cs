using System.Buffers;
using System.Threading.Channels;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>
/// One line per ended session. Sessions only put their record into a bounded queue; one task formats and writes. When the
/// writer cannot keep up lines are dropped and counted, because a full disk must not stop the proxy.
/// </summary>
internal sealed class SessionLog : IAsyncDisposable
{
    private const int FlushAboveBytes = 32 * 1024;
    private readonly Channel<SessionRecord>? _queue;
    private readonly Task _writer = Task.CompletedTask;
    private readonly SessionLog? _failedLogins;
    private long _dropped;

    /// <summary>A log that writes to <paramref name="output"/>, which it closes at the end.</summary>
    /// <param name="output">Where lines go, or null to write none.</param>
    /// <param name="format">Writes one record as one line, its line feed included.</param>
    /// <param name="queue">Records that may wait.</param>
    /// <param name="failedLogins">Gets those too that failed to log in; null where nobody wants them apart.</param>
    public SessionLog(Stream? output, Action<SessionRecord, IBufferWriter<byte>> format, int queue, SessionLog? failedLogins = null)
    {
        _failedLogins = failedLogins;
        if (output is null)
            return;
        _queue = Channel.CreateBounded<SessionRecord>(
            new BoundedChannelOptions(queue) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _writer = Task.Run(() => WriteAll(_queue.Reader, output, format));
    }

    /// <summary>Lines lost because the writer could not keep up, or could not write.</summary>
    public long Dropped => Volatile.Read(ref _dropped) + (_failedLogins?.Dropped ?? 0);

    /// <summary>Hands over a record, which nobody changes any more. Never blocks.</summary>
    public void Ended(SessionRecord record)
    {
        if (_queue is not null && !_queue.Writer.TryWrite(record))
            Interlocked.Increment(ref _dropped);
        if (record.Refusal.IsFailedLogin())
            _failedLogins?.Ended(record);
    }

    /// <summary>Writes what waits, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue?.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
        if (_failedLogins is not null)
            await _failedLogins.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteAll(
        ChannelReader<SessionRecord> records, Stream output, Action<SessionRecord, IBufferWriter<byte>> format)
    {
        var lines = new ArrayBufferWriter<byte>(FlushAboveBytes);
        while (await records.WaitToReadAsync().ConfigureAwait(false))
        {
            var count = 0;
            while (lines.WrittenCount < FlushAboveBytes && records.TryRead(out var record))
            {
                format(record, lines);
                count++;
            }

            if (!await TryAsync(() => output.WriteAsync(lines.WrittenMemory)).ConfigureAwait(false)
                || !await TryAsync(() => new ValueTask(output.FlushAsync())).ConfigureAwait(false))
                Interlocked.Add(ref _dropped, count);
            lines.ResetWrittenCount();
        }

        await TryAsync(output.DisposeAsync).ConfigureAwait(false);
    }

    /// <summary>A disk that is full, a file that was taken away, a pipe whose reader has gone: none of it ends the log.</summary>
    private static async ValueTask<bool> TryAsync(Func<ValueTask> write)
    {
        try
        {
            await write().ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return false;
        }
    }
}
