using System.Buffers;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>One direction of an <see cref="EpollTunnel"/>.</summary>
/// <remarks>
/// <code>
///            small traffic: recv ─► the loop's shared buffer ─► send      (what send leaves is stashed: pooled, ≤ 64 KiB)
/// source ─┤                                                       ├─► sink
///            bulk: splice ─► a pipe lent by the loop ─► splice            (the bytes never enter this process)
/// </code>
/// </remarks>
internal unsafe struct TunnelDirection
{
    // It may move this many pieces, and this many bytes, before the loop turns to others.
    private const int PiecesPerTurn = 16, BytesPerTurn = 2 * 1024 * 1024;

    // Two full buffers in a row are bulk; eight small ones are not any more. Measured on ping-pong and bulk.
    private const int BigReadsForSplice = 2, SmallSplicesForBuffer = 8, SmallSplice = 16 * 1024;

    private byte[]? _stash;
    private int _stashOffset, _stashLength;
    private SplicePipe? _pipe;
    private int _pipeLength;
    private byte _bigReads, _smallSplices;
    private bool _splicing, _endOfStream;

    private enum Step
    {
        Moved,
        NothingToRead,
        SourceBroke,
        SinkBroke,
    }

    /// <summary>Bytes taken from the source.</summary>
    public long Bytes { get; private set; }

    /// <summary>The source has ended and everything is delivered; FIN is the tunnel's to send.</summary>
    public bool Finished { get; private set; }

    /// <summary>Bytes that go before everything from the source.</summary>
    public void Begin(ReadOnlySpan<byte> prefix)
    {
        Bytes = prefix.Length;
        if (!prefix.IsEmpty)
            Stash(prefix);
    }

    /// <summary>Moves what can be moved, as far as one turn allows.</summary>
    public Pumped Pump(EventLoop loop, EpollConnection source, EpollConnection sink)
    {
        if (Finished)
            return source.IsReset ? Pumped.SourceBroke : Pumped.Blocked;
        var enough = Bytes + BytesPerTurn;
        for (var pieces = PiecesPerTurn; pieces > 0 && Bytes < enough; pieces--)
        {
            if (_stashLength > 0 || _pipeLength > 0)
            {
                var sent = _stashLength > 0 ? SendStash(sink) : SendPipe(sink);
                if (sent == IoStatus.Failed)
                    return Pumped.SinkBroke;
                if (sent == IoStatus.WouldBlock)
                    return source.IsReset ? Pumped.SourceBroke : Pumped.Blocked; // nothing will be read that could say so
                continue;
            }

            if (_endOfStream)
            {
                Finished = true;
                ReturnPipe(loop);
                return Pumped.Blocked;
            }

            switch (_splicing ? Splice(loop, source) : Copy(loop, source, sink))
            {
                case Step.Moved:
                    break;
                case Step.NothingToRead:
                    ReturnPipe(loop);
                    return Pumped.Blocked;
                case Step.SourceBroke:
                    return Pumped.SourceBroke;
                case Step.SinkBroke:
                    return Pumped.SinkBroke;
            }
        }

        return Pumped.BudgetSpent;
    }

    /// <summary>Gives back what it holds; it moves nothing more.</summary>
    public void Release(EventLoop loop)
    {
        ReturnStash();
        ReturnPipe(loop);
    }

    private Step Copy(EventLoop loop, EpollConnection source, EpollConnection sink)
    {
        var buffer = loop.Buffers.Buffer;
        var read = source.Read(buffer, TunnelBuffers.BufferSize);
        switch (read.Status)
        {
            case IoStatus.EndOfStream:
                _endOfStream = true;
                return Step.Moved;
            case IoStatus.WouldBlock:
                return Step.NothingToRead;
            case IoStatus.Failed:
                return Step.SourceBroke;
        }

        Bytes += read.Bytes;
        _bigReads = read.Bytes == TunnelBuffers.BufferSize ? (byte)(_bigReads + 1) : (byte)0;
        if (_bigReads >= BigReadsForSplice && loop.Buffers.CanSplice)
        {
            _splicing = true;
            _bigReads = _smallSplices = 0;
        }

        var written = sink.Write(buffer, read.Bytes);
        if (written.Status == IoStatus.Failed)
            return Step.SinkBroke;
        if (written.Bytes < read.Bytes)
            Stash(new ReadOnlySpan<byte>(buffer + written.Bytes, read.Bytes - written.Bytes));
        return Step.Moved;
    }

    private Step Splice(EventLoop loop, EpollConnection source)
    {
        _pipe ??= loop.Buffers.Lend();
        if (_pipe is null)
        {
            _splicing = false;
            return Step.Moved;
        }

        var moved = source.SpliceTo(_pipe.WriteEnd, _pipe.Capacity);
        switch (moved.Status)
        {
            case IoStatus.EndOfStream:
                _endOfStream = true;
                return Step.Moved;
            case IoStatus.WouldBlock:
                return Step.NothingToRead;
            case IoStatus.Failed when moved.Error == SocketError.InvalidArgument:
                loop.Buffers.SpliceRefused();
                _splicing = false;
                ReturnPipe(loop);
                return Step.Moved;
            case IoStatus.Failed:
                return Step.SourceBroke;
        }

        Bytes += moved.Bytes;
        _pipeLength = moved.Bytes;
        _smallSplices = moved.Bytes < SmallSplice ? (byte)(_smallSplices + 1) : (byte)0;
        if (_smallSplices >= SmallSplicesForBuffer)
            _splicing = false;
        return Step.Moved;
    }

    private IoStatus SendStash(EpollConnection sink)
    {
        var sent = sink.Write(_stash.AsSpan(_stashOffset, _stashLength));
        _stashOffset += sent.Bytes;
        _stashLength -= sent.Bytes;
        if (_stashLength == 0)
            ReturnStash();
        return sent.Status;
    }

    private IoStatus SendPipe(EpollConnection sink)
    {
        var sent = sink.SpliceFrom(_pipe!.ReadEnd, _pipeLength);
        _pipeLength -= sent.Bytes;
        return sent.Status;
    }

    private void Stash(ReadOnlySpan<byte> rest)
    {
        _stash = ArrayPool<byte>.Shared.Rent(rest.Length);
        rest.CopyTo(_stash);
        _stashOffset = 0;
        _stashLength = rest.Length;
    }

    private void ReturnStash()
    {
        if (_stash is null)
            return;
        ArrayPool<byte>.Shared.Return(_stash);
        _stash = null;
        _stashLength = 0;
    }

    private void ReturnPipe(EventLoop loop)
    {
        if (_pipe is null)
            return;
        loop.Buffers.GiveBack(_pipe, isEmpty: _pipeLength == 0);
        _pipe = null;
        _pipeLength = 0;
    }
}

/// <summary>Why a <see cref="TunnelDirection"/> has stopped moving.</summary>
internal enum Pumped : byte
{
    /// <summary>Nothing can be moved now; an edge will tell when it can. Or everything was.</summary>
    Blocked,

    /// <summary>It is the turn of others.</summary>
    BudgetSpent,

    /// <summary>Its source was reset.</summary>
    SourceBroke,

    /// <summary>Its sink was reset.</summary>
    SinkBroke,
}
