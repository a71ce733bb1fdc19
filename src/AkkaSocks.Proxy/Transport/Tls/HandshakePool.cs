namespace AkkaSocks.Proxy.Transport.Tls;

/// <summary>
/// A few threads that do nothing but the arithmetic of TLS handshakes, which takes from tens of microseconds to milliseconds
/// and would hold up every session of an event loop. They never wait for a client: a handshake comes here with a flight of the
/// client's and leaves with the answer.
/// </summary>
/// <remarks>A handshake is queued at most once, so the bound on handshakes is the bound of the queue.</remarks>
internal sealed class HandshakePool : IDisposable
{
    // Without a handshake for this long it is time to give memory back.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly Queue<TlsHandshake> _waiting = new();
    private volatile int _most;
    private int _pending;
    private bool _disposed, _hasWorked;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">How many: <c>transport.tls-threads</c>.</param>
    /// <param name="most">Handshakes that may be under way at once: <c>limits.max-tls-handshakes</c>.</param>
    public HandshakePool(int threads, int most)
    {
        _most = most;
        for (var i = 0; i < threads; i++)
            new Thread(WorkUntilDisposed) { IsBackground = true, Name = $"tls-handshakes-{i}" }.Start();
    }

    /// <summary>Handshakes that may be under way at once. Fewer count for new ones.</summary>
    public int Most
    {
        set => _most = value;
    }

    /// <summary>Handshakes under way, most of them waiting for their clients.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Counts a handshake in, unless there are too many. <see cref="Leave"/> counts it out.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _pending) <= _most)
            return true;
        Leave();
        return false;
    }

    /// <summary>Counts a handshake out.</summary>
    public void Leave() => Interlocked.Decrement(ref _pending);

    /// <summary>Queues a handshake that was counted in.</summary>
    public void Enqueue(TlsHandshake handshake)
    {
        lock (_waiting)
        {
            if (_disposed)
                return;
            _hasWorked = true;
            _waiting.Enqueue(handshake);
            Monitor.Pulse(_waiting);
        }
    }

    /// <summary>Lets the threads end and drops what waits. Does not wait for them.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _disposed = true;
            _waiting.Clear();
            Monitor.PulseAll(_waiting);
        }
    }

    private void WorkUntilDisposed()
    {
        while (TryTake(out var handshake))
        {
            if (handshake is not null)
                handshake.Work();
            else
                NativeHeap.Trim();
        }
    }

    /// <summary>Waits for the next.</summary>
    /// <param name="next">Null when there has been none for a while.</param>
    /// <returns>False when there will be none any more.</returns>
    private bool TryTake(out TlsHandshake? next)
    {
        lock (_waiting)
        {
            while (!_waiting.TryDequeue(out next))
            {
                if (_disposed)
                    return false;
                if (!Monitor.Wait(_waiting, _hasWorked ? Quiet : Timeout.InfiniteTimeSpan) && _hasWorked && Pending == 0)
                {
                    _hasWorked = false;
                    return true;
                }
            }

            return true;
        }
    }
}
