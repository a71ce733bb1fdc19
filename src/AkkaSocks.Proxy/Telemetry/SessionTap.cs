using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>
/// Where whoever watches the node hears of sessions as they come and go. While it is closed, which is nearly always, it costs a
/// session two reads of a field; while it is open, two entries in a ring that loses the oldest when nobody keeps up. Of the sessions that
/// were refused it always remembers the last ones: whoever asks why comes afterwards.
/// </summary>
internal sealed class SessionTap
{
    private const int Capacity = 2048;

    // Some 300 KB when it is full.
    private const int RefusalsKept = 512;

    private readonly EventRing<Tapped> _ring = new(Capacity);
    private readonly EventRing<SessionRecord> _refused = new(RefusalsKept);
    private volatile bool _isOpen;

    /// <summary>What happened to a session.</summary>
    /// <param name="Record">The session; while it has not ended it goes on being written.</param>
    /// <param name="HasEnded">It is over; else its tunnel has begun.</param>
    /// <param name="At">When: <see cref="Environment.TickCount64"/>.</param>
    internal readonly record struct Tapped(SessionRecord Record, bool HasEnded, long At);

    /// <summary>Somebody listens.</summary>
    public bool IsOpen
    {
        get => _isOpen;
        set
        {
            if (_isOpen == value)
                return;
            _isOpen = value;
            if (!value)
                _ring.Clear();
        }
    }

    /// <summary>A session carries bytes from now on.</summary>
    public void Started(SessionRecord record)
    {
        if (_isOpen)
            _ring.Add(new Tapped(record, HasEnded: false, Environment.TickCount64));
    }

    /// <summary>A session is over, refused ones included.</summary>
    public void Ended(SessionRecord record)
    {
        if (record.End == SessionEnd.Refused)
            _refused.Add(record);
        if (_isOpen)
            _ring.Add(new Tapped(record, HasEnded: true, Environment.TickCount64));
    }

    /// <summary>The sessions that were refused last, the oldest first.</summary>
    public List<SessionRecord> LastRefused() => _refused.Look();

    /// <inheritdoc cref="EventRing{T}.Take"/>
    public List<Tapped> Take(int most, out long lost) => _ring.Take(most, out lost);
}
