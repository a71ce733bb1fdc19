using Akka.Actor;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Auth.Sessions;

/// <summary>
/// Every session of this node that is not over. Any thread may call it. The sessions of each lane are a list of their own under a
/// lock of its own, in which nothing happens but a few writes, or a copy of the list: 50,000 sessions are copied in some 50 µs, so
/// whoever looks at them all holds up no loop.
/// </summary>
/// <param name="lanes">How many lanes there are.</param>
internal sealed class LiveSessions(int lanes)
{
    private readonly Row[] _rows = [.. Enumerable.Range(0, lanes).Select(_ => new Row())];

    private sealed class Row
    {
        public LiveSession[] Sessions { get; set; } = new LiveSession[16];

        public int Count { get; set; }
    }

    /// <summary>How many there are.</summary>
    public int Count => _rows.Sum(row => row.Count);

    /// <summary>A session has started.</summary>
    /// <param name="lane">The index of its lane.</param>
    /// <param name="actor">The session.</param>
    /// <param name="record">What it fills in.</param>
    public LiveSession Add(int lane, IActorRef actor, SessionRecord record)
    {
        var session = new LiveSession(actor, record);
        var row = _rows[lane];
        lock (row)
        {
            if (row.Count == row.Sessions.Length)
            {
                var larger = new LiveSession[row.Count * 2];
                row.Sessions.CopyTo(larger, 0);
                row.Sessions = larger;
            }

            session.Place = row.Count;
            row.Sessions[row.Count++] = session;
        }

        return session;
    }

    /// <summary>A session is over.</summary>
    public void Remove(int lane, LiveSession session)
    {
        var row = _rows[lane];
        lock (row)
        {
            // The last one takes its place.
            var last = row.Sessions[--row.Count];
            row.Sessions[session.Place] = last;
            last.Place = session.Place;
            row.Sessions[row.Count] = null!;
        }
    }

    /// <summary>The sessions there are now, in no order.</summary>
    public IReadOnlyList<LiveSession> All()
    {
        var all = new List<LiveSession>(Count);
        foreach (var row in _rows)
        {
            lock (row)
                all.AddRange(row.Sessions.AsSpan(0, row.Count));
        }

        return all;
    }

    /// <summary>Ends the sessions that a condition holds for.</summary>
    /// <returns>How many were found.</returns>
    public int Terminate(Func<LiveSession, bool> condition, TerminationReason reason)
    {
        var found = All().Where(condition).ToList();
        foreach (var session in found)
            session.Terminate(reason);
        return found.Count;
    }
}
