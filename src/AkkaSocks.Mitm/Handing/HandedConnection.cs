using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaSocks.Mitm.Handing;

/// <summary>A client's connection as Kestrel sees it.</summary>
internal sealed class HandedConnection : ConnectionContext
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closed = new();

    private readonly Action? _reset;

    /// <summary>A connection whose bytes are in pipes.</summary>
    /// <param name="session">The session's name, which is the connection's in Kestrel's diagnostics.</param>
    /// <param name="pipes">What the client sends, and what it is sent.</param>
    /// <param name="reset">Ends the client's connection with RST; null where completing the output with an exception does.</param>
    public HandedConnection(string session, IDuplexPipe pipes, Action? reset = null)
    {
        ConnectionId = session;
        Transport = new WatchedPipes(pipes, _closed);
        ConnectionClosed = _closed.Token;
        _reset = reset;
    }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; }

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <summary>Completes when Kestrel has done with the connection.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Tells Kestrel that the client is gone.</summary>
    public void Close() => _closed.Cancel();

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        // The client is to see a reset, not an answer that looks complete.
        if (_reset is not null)
        {
            _reset();
        }
        else
        {
            Transport.Output.Complete(abortReason);
            Transport.Input.CancelPendingRead();
            Transport.Input.Complete();
        }

        _closed.Cancel();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Transport.Input.Complete();
        Transport.Output.Complete();
        _ended.TrySetResult();
        return base.DisposeAsync();
    }

    /// <summary>Notices when the client is gone: Kestrel waits for the token, not for a read, while it answers.</summary>
    private sealed class WatchedPipes : IDuplexPipe
    {
        public WatchedPipes(IDuplexPipe pipes, CancellationTokenSource closed)
        {
            Input = pipes.Input;
            Output = new WatchedWriter(pipes.Output, closed);
        }

        public PipeReader Input { get; }

        public PipeWriter Output { get; }
    }

    private sealed class WatchedWriter(PipeWriter writer, CancellationTokenSource closed) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;

        public override long UnflushedBytes => writer.UnflushedBytes;

        public override void Advance(int bytes) => writer.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);

        public override void CancelPendingFlush() => writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => writer.Complete(exception);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var result = await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCompleted)
                await closed.CancelAsync().ConfigureAwait(false);
            return result;
        }
    }
}
