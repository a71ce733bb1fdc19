using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// A connection of an event loop: a raw descriptor, registered once with epoll (edge-triggered), used on the loop's thread
/// only. It remembers what the edges said, so that a read that can only give EAGAIN is not tried.
/// </summary>
internal sealed unsafe class EpollConnection : Connection, IEpollSocket
{
    private const int Closed = -1;

    private readonly EventLoop _loop;
    private IConnectionOwner? _owner;
    private IPEndPoint? _remote, _local;
    private int _fd;
    private bool _registered, _readable, _writable, _hangUp, _hungUpBothWays;
    private SocketError _error;

    /// <summary>Takes over a non-blocking descriptor.</summary>
    /// <param name="loop">Its loop from now on.</param>
    /// <param name="fd">The descriptor; closed by this object.</param>
    /// <param name="remote">The far end.</param>
    /// <param name="connected">False while connecting: nothing can be written yet.</param>
    public EpollConnection(EventLoop loop, int fd, IPEndPoint remote, bool connected)
    {
        _loop = loop;
        _fd = fd;
        _remote = remote;
        _writable = connected;
    }

    /// <inheritdoc/>
    public uint Generation { get; set; }

    /// <summary>The descriptor, or -1 once closed.</summary>
    public int Descriptor => _fd;

    /// <summary>The loop whose thread this connection lives on.</summary>
    public EventLoop Loop => _loop;

    /// <inheritdoc/>
    public override IPEndPoint Remote => _remote!;

    /// <inheritdoc/>
    public override IPEndPoint Local => _local ??= ReadLocal();

    /// <inheritdoc/>
    public override bool IsReset => _fd == Closed || (_hungUpBothWays && PendingError() != SocketError.Success);

    /// <inheritdoc/>
    public override bool IsReadable => _readable;

    /// <inheritdoc/>
    public override void Watch(IConnectionOwner owner)
    {
        _owner = owner;
        if (_registered || _fd == Closed)
            return;
        _registered = true;
        _loop.Register(this, _fd, Native.EpollIn | Native.EpollOut | Native.EpollRdHup);
    }

    /// <inheritdoc/>
    public void OnEvents(uint happened)
    {
        var signal = Readiness.None;
        if ((happened & (Native.EpollIn | Native.EpollRdHup | Native.EpollHup | Native.EpollErr)) != 0)
        {
            _readable = true;
            signal = Readiness.Readable;
            if ((happened & (Native.EpollRdHup | Native.EpollHup | Native.EpollErr)) != 0)
                _hangUp = true;
            if ((happened & (Native.EpollHup | Native.EpollErr)) != 0)
                _hungUpBothWays = true;
        }

        // Every edge repeats EPOLLOUT of a socket that always was writable: no news, no signal.
        if ((happened & (Native.EpollOut | Native.EpollHup | Native.EpollErr)) != 0 && !_writable)
        {
            _writable = true;
            signal |= Readiness.Writable;
        }

        if (signal != Readiness.None)
            _owner?.OnReady(signal);
    }

    /// <inheritdoc/>
    public override IoResult Read(Span<byte> into)
    {
        fixed (byte* buffer = into)
            return Read(buffer, into.Length);
    }

    /// <summary>The same into native memory.</summary>
    public IoResult Read(byte* buffer, int length)
    {
        if (_fd == Closed)
            return IoResult.Failed(SocketError.OperationAborted);
        if (_error != SocketError.Success)
            return IoResult.Failed(_error);
        if (!_readable)
            return IoResult.WouldBlock;
        while (true)
        {
            var got = Native.Recv(_fd, buffer, length, 0);
            if (got > 0)
            {
                // A short read has emptied the socket, and what comes later makes a new edge; but an end of the stream
                // that has been reported already makes none.
                if (got < length && !_hangUp)
                    _readable = false;
                return IoResult.Done((int)got);
            }

            if (got == 0)
                return IoResult.EndOfStream;
            switch (Native.Errno)
            {
                case Native.EIntr:
                    continue;
                case Native.EAgain:
                    _readable = false;
                    return IoResult.WouldBlock;
                case var errno:
                    return Broke(errno);
            }
        }
    }

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> from)
    {
        fixed (byte* buffer = from)
            return Write(buffer, from.Length);
    }

    /// <summary>The same from native memory.</summary>
    public IoResult Write(byte* buffer, int length)
    {
        if (_fd == Closed)
            return IoResult.Failed(SocketError.OperationAborted);
        if (!_writable)
            return IoResult.WouldBlock;
        while (true)
        {
            var put = Native.Send(_fd, buffer, length, Native.NoSignal);
            if (put >= 0)
                return IoResult.Done((int)put);
            switch (Native.Errno)
            {
                case Native.EIntr:
                    continue;
                case Native.EAgain:
                    _writable = false;
                    return IoResult.WouldBlock;
                case var errno:
                    return Broke(errno);
            }
        }
    }

    /// <summary>Moves bytes from this socket into a pipe without copying them.</summary>
    public IoResult SpliceTo(int pipe, int length)
    {
        if (_fd == Closed)
            return IoResult.Failed(SocketError.OperationAborted);
        if (_error != SocketError.Success)
            return IoResult.Failed(_error);
        if (!_readable)
            return IoResult.WouldBlock;
        return Spliced(Native.Splice(_fd, null, pipe, null, length, Native.SpliceMove | Native.SpliceNonBlock), ref _readable);
    }

    /// <summary>Moves bytes from a pipe, which has some, into this socket.</summary>
    public IoResult SpliceFrom(int pipe, int length)
    {
        if (_fd == Closed)
            return IoResult.Failed(SocketError.OperationAborted);
        if (!_writable)
            return IoResult.WouldBlock;
        return Spliced(Native.Splice(pipe, null, _fd, null, length, Native.SpliceMove | Native.SpliceNonBlock), ref _writable);
    }

    /// <inheritdoc/>
    public override SocketError ConnectOutcome()
    {
        if (_fd == Closed)
            return SocketError.OperationAborted;
        if (!_writable)
            return SocketError.InProgress;

        // An attempt that failed is also hung up, so that one that is not needs no call to ask.
        return _hungUpBothWays ? PendingError() : SocketError.Success;
    }

    /// <inheritdoc/>
    public override void ShutdownSend()
    {
        if (_fd != Closed)
            Native.Shutdown(_fd, Native.ShutWrite);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_fd == Closed)
            return;
        var fd = _fd;
        _fd = Closed;
        _owner = null;
        if (_registered)
            _loop.Unregister(this, fd);
        Native.Close(fd);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        if (_fd == Closed)
            return;
        var linger = (On: 1, Seconds: 0);
        Native.SetSockOpt(_fd, Native.SolSocket, Native.SoLinger, &linger, 2 * sizeof(int));
        Close();
    }

    private IoResult Spliced(nint moved, ref bool ready)
    {
        if (moved > 0)
            return IoResult.Done((int)moved);
        if (moved == 0)
            return IoResult.EndOfStream;
        switch (Native.Errno)
        {
            case Native.EIntr:
                return IoResult.Done(0);
            case Native.EAgain:
                ready = false;
                return IoResult.WouldBlock;
            case Native.EInval:
                return IoResult.Failed(SocketError.InvalidArgument);
            case var errno:
                return Broke(errno);
        }
    }

    private IoResult Broke(int errno)
    {
        _error = Native.ToSocketError(errno);
        _hungUpBothWays = true;
        return IoResult.Failed(_error);
    }

    /// <summary>
    /// Asking takes the error from the kernel, which would report an orderly end from then on: so it is kept, and is what
    /// every later question and every read gets.
    /// </summary>
    private SocketError PendingError()
    {
        if (_error == SocketError.Success)
        {
            int errno = 0, length = sizeof(int);
            Native.GetSockOpt(_fd, Native.SolSocket, Native.SoError, &errno, &length);
            _error = Native.ToSocketError(errno);
        }

        return _error;
    }

    private IPEndPoint ReadLocal()
    {
        SocketAddress address;
        var length = SocketAddress.Capacity;
        return _fd != Closed && Native.GetSockName(_fd, &address, &length) == 0
            ? address.ToEndPoint()
            : new IPEndPoint(IPAddress.Any, 0);
    }
}
