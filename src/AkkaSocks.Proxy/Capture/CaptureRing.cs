using System.Collections.Immutable;
using AkkaSocks.Proxy.Telemetry.Figures;

namespace AkkaSocks.Proxy.Capture;

/// <summary>The last exchanges: so many at most, and about so many bytes at most. Whoever listens is told of each new one.</summary>
/// <param name="maxCount">Exchanges.</param>
/// <param name="maxBytes">Bytes; one that is larger by itself is not kept.</param>
/// <param name="after">Ids begin behind this one.</param>
internal sealed class CaptureRing(int maxCount, int maxBytes, long after = 0)
{
    private readonly Lock _turn = new();
    private readonly Queue<CapturedExchange> _kept = [];
    private int _maxCount = maxCount, _maxBytes = maxBytes;
    private ImmutableList<Action<CapturedExchange>> _listeners = [];
    private long _last = after, _bytes, _forgotten, _untold;

    /// <summary>
    /// What ids of a process begin behind that starts now: microseconds since 1970. So a node that starts anew gives none to another exchange,
    /// as long as its clock goes forward and it has not looked into a million exchanges for each second of its life.
    /// </summary>
    public static long IdsBefore(DateTimeOffset now) => now.ToUnixTimeMilliseconds() * 1000;

    /// <summary>Somebody is told of new ones.</summary>
    public bool HasListeners
    {
        get
        {
            lock (_turn)
                return !_listeners.IsEmpty;
        }
    }

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

    /// <summary>Some were not told to those who watch: they were too many.</summary>
    public void CountUntold(long count) => Interlocked.Add(ref _untold, count);

    /// <summary>Declares its metrics.</summary>
    public void Declare(MetricSet metrics)
    {
        metrics.Gauge("akkasocks.mitm.capture.exchanges", "{exchange}", "Exchanges that are remembered.", () => Read(() => _kept.Count));
        metrics.Gauge("akkasocks.mitm.capture.bytes", "By", "About what they take in memory.", () => Read(() => _bytes));
        metrics.Gauge(
            "akkasocks.mitm.capture.watched",
            "{node}",
            "1 while somebody watches this node's exchanges live, through whichever node.",
            () => HasListeners ? 1 : 0);
        metrics.Counter(
            "akkasocks.mitm.capture.lost",
            "{exchange}",
            "Exchanges that nobody can see any more or could see live: forgotten for newer ones, or too many at once for those who watched.",
            ["why"],
            () => [new Series(["forgotten"], Read(() => _forgotten)), new Series(["untold"], Interlocked.Read(ref _untold))]);
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
        {
            _bytes -= _kept.Dequeue().Size;
            _forgotten++;
        }
    }

    private long Read(Func<long> figure)
    {
        lock (_turn)
            return figure();
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
