using System.Collections.Immutable;

namespace AkkaSocks.Mitm.Capture;

/// <summary>The last exchanges: so many at most, and about so many bytes at most. Whoever listens is told of each new one.</summary>
/// <param name="maxCount">Exchanges.</param>
/// <param name="maxBytes">Bytes; one that is larger by itself is not kept.</param>
internal sealed class CaptureRing(int maxCount, int maxBytes)
{
    private readonly Lock _turn = new();
    private int _maxCount = maxCount, _maxBytes = maxBytes;
    private readonly Queue<CapturedExchange> _kept = [];
    private ImmutableList<Action<CapturedExchange>> _listeners = [];
    private long _last, _bytes;

    /// <summary>Adds one, and tells listeners. From any thread; listeners must not wait.</summary>
    public void Add(CapturedExchange exchange)
    {
        ImmutableList<Action<CapturedExchange>> listeners;
        lock (_turn)
        {
            exchange = exchange with { Id = ++_last };
            _kept.Enqueue(exchange);
            _bytes += exchange.Size;
            Forget();
            listeners = _listeners;
        }

        foreach (var listener in listeners)
            listener(exchange);
    }

    /// <summary>Keeps so many from now on, and forgets what is beyond that.</summary>
    public void Limit(int count, int bytes)
    {
        lock (_turn)
        {
            (_maxCount, _maxBytes) = (count, bytes);
            Forget();
        }
    }

    /// <summary>All that are kept, the oldest first.</summary>
    public ImmutableArray<CapturedExchange> All()
    {
        lock (_turn)
            return [.. _kept];
    }

    /// <summary>One; null when it is not kept any more, or was never.</summary>
    public CapturedExchange? Find(long id)
    {
        lock (_turn)
            return _kept.FirstOrDefault(exchange => exchange.Id == id);
    }

    /// <summary>Has a listener told of new ones until what is returned is disposed of.</summary>
    public IDisposable Listen(Action<CapturedExchange> listener)
    {
        lock (_turn)
            _listeners = _listeners.Add(listener);
        return new Listening(this, listener);
    }

    private void Forget()
    {
        while (_kept.Count > _maxCount || _bytes > _maxBytes)
            _bytes -= _kept.Dequeue().Size;
    }

    private void Remove(Action<CapturedExchange> listener)
    {
        lock (_turn)
            _listeners = _listeners.Remove(listener);
    }

    private sealed class Listening(CaptureRing ring, Action<CapturedExchange> listener) : IDisposable
    {
        public void Dispose() => ring.Remove(listener);
    }
}
