namespace AkkaSocks.Proxy.Telemetry;

/// <summary>
/// A bounded queue that never makes anyone wait: when it is full the oldest entry goes, and is counted as lost. Any thread may add,
/// any thread may take.
/// </summary>
/// <param name="capacity">Entries at most.</param>
internal sealed class EventRing<T>(int capacity)
{
    private readonly Lock _turn = new();
    private readonly T[] _entries = new T[capacity];
    private int _first, _count;
    private long _lost;

    /// <summary>Nothing waits, and nothing was lost since the last <see cref="Take"/>.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_turn)
                return _count == 0 && _lost == 0;
        }
    }

    /// <summary>Adds an entry.</summary>
    public void Add(T entry)
    {
        lock (_turn)
        {
            _entries[(_first + _count) % capacity] = entry;
            if (_count < capacity)
            {
                _count++;
                return;
            }

            _first = (_first + 1) % capacity;
            _lost++;
        }
    }

    /// <summary>Takes the oldest entries.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="lost">How many were lost before them since the last call.</param>
    public List<T> Take(int most, out long lost)
    {
        lock (_turn)
        {
            (lost, _lost) = (_lost, 0);
            var taken = new List<T>(Math.Min(most, _count));
            while (taken.Count < most && _count > 0)
            {
                taken.Add(_entries[_first]);
                _entries[_first] = default!;
                _first = (_first + 1) % capacity;
                _count--;
            }

            return taken;
        }
    }

    /// <summary>What is there, the oldest first, without taking it.</summary>
    public List<T> Look()
    {
        lock (_turn)
        {
            var seen = new List<T>(_count);
            for (var i = 0; i < _count; i++)
                seen.Add(_entries[(_first + i) % capacity]);
            return seen;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => Take(capacity, out _);
}
