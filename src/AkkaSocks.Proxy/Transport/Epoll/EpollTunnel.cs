using System.Buffers;
using System.Net.Sockets;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// Two connections of one loop joined: the loop moves the bytes, both ways, as the edges come, and nothing is held while
/// nothing moves.
/// </summary>
/// <remarks>
/// <code>
///            small traffic: recv ─► the loop's shared buffer ─► send      (what send leaves is stashed: pooled, ≤ 64 KiB)
/// source ─┤                                                       ├─► sink
///            bulk: splice ─► a pipe lent by the loop ─► splice            (the bytes never enter this process)
/// </code>
/// Each direction ends by itself: end of stream at its source, all bytes delivered, FIN to its sink. When both have ended the
/// tunnel has; a broken side resets the other one, since a FIN would make a cut transfer look complete.
/// </remarks>
internal sealed unsafe class EpollTunnel : Tunnel, IConnectionOwner
{
    // A direction may move this many pieces, and this many bytes, before the loop turns to others.
    private const int PiecesPerTurn = 16, BytesPerTurn = 2 * 1024 * 1024;

    // Two full buffers in a row are bulk; eight small ones are not any more. Measured on ping-pong and bulk.
    private const int BigReadsForSplice = 2, SmallSplicesForBuffer = 8, SmallSplice = 16 * 1024;

    private readonly EventLoop _loop;
    private readonly EpollConnection _client, _destination;
    private readonly ITunnelOwner _owner;
    private Direction _up, _down;
    private long _lastActivity;
    private bool _queued, _ended;

    private struct Direction
    {
        public byte[]? Stash;
        public int StashOffset, StashLength;
        public SplicePipe? Pipe;
        public int PipeLength;
        public byte BigReads, SmallSplices;
        public bool Splicing, EndOfStream, Finished;
        public long Bytes;
    }

    private enum Pumped
    {
        Blocked,
        BudgetSpent,
        SourceBroke,
        SinkBroke,
    }

    /// <summary>Takes over both connections, and starts at once.</summary>
    public EpollTunnel(EpollConnection client, EpollConnection destination, ReadOnlySpan<byte> prefix, ITunnelOwner owner)
    {
        _loop = client.Loop;
        _client = client;
        _destination = destination;
        _owner = owner;
        _lastActivity = Deadlines.Now;
        if (!prefix.IsEmpty)
        {
            _up.Bytes = prefix.Length;
            StashRest(ref _up, prefix);
        }

        client.Watch(this);
        destination.Watch(this);
        PumpSoon();
    }

    /// <inheritdoc/>
    public override long ClientToDestination => _up.Bytes;

    /// <inheritdoc/>
    public override long DestinationToClient => _down.Bytes;

    /// <inheritdoc/>
    public override long LastActivity => _lastActivity;

    /// <inheritdoc/>
    public override bool IsHalfClosed => _up.Finished != _down.Finished;

    /// <inheritdoc/>
    public void OnReady(Readiness readiness)
    {
        if (!_queued && !_ended)
            Pump();
    }

    /// <summary>The loop gives the tunnel another turn.</summary>
    public void PumpAgain()
    {
        _queued = false;
        if (!_ended)
            Pump();
    }

    /// <inheritdoc/>
    public override void Stop(SessionEnd end)
    {
        if (!_ended)
            End(end, inOrder: false);
    }

    private void PumpSoon()
    {
        _queued = true;
        _loop.PumpLater(this);
    }

    private void Pump()
    {
        var before = _up.Bytes + _down.Bytes;
        var up = Pump(_client, _destination, ref _up);
        if (up is Pumped.SourceBroke or Pumped.SinkBroke)
        {
            End(up == Pumped.SourceBroke ? SessionEnd.ClientReset : SessionEnd.DestinationReset, inOrder: false);
            return;
        }

        var down = Pump(_destination, _client, ref _down);
        if (down is Pumped.SourceBroke or Pumped.SinkBroke)
        {
            End(down == Pumped.SourceBroke ? SessionEnd.DestinationReset : SessionEnd.ClientReset, inOrder: false);
            return;
        }

        if (_up.Finished && _down.Finished)
        {
            End(SessionEnd.Completed, inOrder: true);
            return;
        }

        if (_up.Bytes + _down.Bytes != before)
            _lastActivity = Deadlines.Now;
        if (up == Pumped.BudgetSpent || down == Pumped.BudgetSpent)
            PumpSoon();
    }

    private Pumped Pump(EpollConnection source, EpollConnection sink, ref Direction way)
    {
        if (way.Finished)
            return source.IsReset ? Pumped.SourceBroke : Pumped.Blocked;
        var enough = way.Bytes + BytesPerTurn;
        for (var pieces = PiecesPerTurn; pieces > 0 && way.Bytes < enough; pieces--)
        {
            if (way.StashLength > 0 || way.PipeLength > 0)
            {
                var sent = way.StashLength > 0 ? SendStash(sink, ref way) : SendPipe(sink, ref way);
                if (sent == IoStatus.Failed)
                    return Pumped.SinkBroke;
                if (sent == IoStatus.WouldBlock)
                    return source.IsReset ? Pumped.SourceBroke : Pumped.Blocked; // nothing will be read that could say so
                continue;
            }

            if (way.EndOfStream)
            {
                way.Finished = true;
                ReturnPipe(ref way);
                if (IsHalfClosed)
                {
                    sink.ShutdownSend();
                    _lastActivity = Deadlines.Now;
                    _owner.OnHalfClosed();
                }

                // The second direction's FIN comes with the closing of both, which follows at once.
                return Pumped.Blocked;
            }

            switch (way.Splicing ? Splice(source, ref way) : Copy(source, sink, ref way))
            {
                case Step.Moved:
                    break;
                case Step.NothingToRead:
                    ReturnPipe(ref way);
                    return Pumped.Blocked;
                case Step.SourceBroke:
                    return Pumped.SourceBroke;
                case Step.SinkBroke:
                    return Pumped.SinkBroke;
            }
        }

        return Pumped.BudgetSpent;
    }

    private enum Step
    {
        Moved,
        NothingToRead,
        SourceBroke,
        SinkBroke,
    }

    private Step Copy(EpollConnection source, EpollConnection sink, ref Direction way)
    {
        var buffer = _loop.Buffers.Buffer;
        var read = source.Read(buffer, TunnelBuffers.BufferSize);
        switch (read.Status)
        {
            case IoStatus.EndOfStream:
                way.EndOfStream = true;
                return Step.Moved;
            case IoStatus.WouldBlock:
                return Step.NothingToRead;
            case IoStatus.Failed:
                return Step.SourceBroke;
        }

        way.Bytes += read.Bytes;
        way.BigReads = read.Bytes == TunnelBuffers.BufferSize ? (byte)(way.BigReads + 1) : (byte)0;
        if (way.BigReads >= BigReadsForSplice && _loop.Buffers.CanSplice)
        {
            way.Splicing = true;
            way.BigReads = way.SmallSplices = 0;
        }

        var written = sink.Write(buffer, read.Bytes);
        if (written.Status == IoStatus.Failed)
            return Step.SinkBroke;
        if (written.Bytes < read.Bytes)
            StashRest(ref way, new ReadOnlySpan<byte>(buffer + written.Bytes, read.Bytes - written.Bytes));
        return Step.Moved;
    }

    private Step Splice(EpollConnection source, ref Direction way)
    {
        way.Pipe ??= _loop.Buffers.Lend();
        if (way.Pipe is null)
        {
            way.Splicing = false;
            return Step.Moved;
        }

        var moved = source.SpliceTo(way.Pipe.WriteEnd, way.Pipe.Capacity);
        switch (moved.Status)
        {
            case IoStatus.EndOfStream:
                way.EndOfStream = true;
                return Step.Moved;
            case IoStatus.WouldBlock:
                return Step.NothingToRead;
            case IoStatus.Failed when moved.Error == SocketError.InvalidArgument:
                _loop.Buffers.SpliceRefused();
                way.Splicing = false;
                ReturnPipe(ref way);
                return Step.Moved;
            case IoStatus.Failed:
                return Step.SourceBroke;
        }

        way.Bytes += moved.Bytes;
        way.PipeLength = moved.Bytes;
        way.SmallSplices = moved.Bytes < SmallSplice ? (byte)(way.SmallSplices + 1) : (byte)0;
        if (way.SmallSplices >= SmallSplicesForBuffer)
            way.Splicing = false;
        return Step.Moved;
    }

    private static IoStatus SendStash(EpollConnection sink, ref Direction way)
    {
        var sent = sink.Write(way.Stash.AsSpan(way.StashOffset, way.StashLength));
        way.StashOffset += sent.Bytes;
        way.StashLength -= sent.Bytes;
        if (way.StashLength == 0)
            ReturnStash(ref way);
        return sent.Status;
    }

    private static IoStatus SendPipe(EpollConnection sink, ref Direction way)
    {
        var sent = sink.SpliceFrom(way.Pipe!.ReadEnd, way.PipeLength);
        way.PipeLength -= sent.Bytes;
        return sent.Status;
    }

    private static void StashRest(ref Direction way, ReadOnlySpan<byte> rest)
    {
        way.Stash = ArrayPool<byte>.Shared.Rent(rest.Length);
        rest.CopyTo(way.Stash);
        way.StashOffset = 0;
        way.StashLength = rest.Length;
    }

    private static void ReturnStash(ref Direction way)
    {
        if (way.Stash is null)
            return;
        ArrayPool<byte>.Shared.Return(way.Stash);
        way.Stash = null;
        way.StashLength = 0;
    }

    private void ReturnPipe(ref Direction way)
    {
        if (way.Pipe is null)
            return;
        _loop.Buffers.GiveBack(way.Pipe, isEmpty: way.PipeLength == 0);
        way.Pipe = null;
        way.PipeLength = 0;
    }

    private void End(SessionEnd end, bool inOrder)
    {
        _ended = true;
        ReturnStash(ref _up);
        ReturnStash(ref _down);
        ReturnPipe(ref _up);
        ReturnPipe(ref _down);
        if (inOrder)
        {
            _client.Close();
            _destination.Close();
        }
        else
        {
            _client.Reset();
            _destination.Reset();
        }

        _owner.OnEnded(end);
    }
}
