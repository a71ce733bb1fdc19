using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>
/// Every figure the proxy keeps of itself, under the meter <c>AkkaSocks</c>. Counting is an interlocked addition; labels come
/// from closed sets only, never from a client.
/// </summary>
internal sealed class ProxyMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "AkkaSocks";

    private readonly Meter _meter = new(MeterName);
    private readonly long[] _ended = new long[Enum.GetValues<SessionEnd>().Length];
    private readonly long[] _refused = new long[Enum.GetValues<Refusal>().Length];
    private long _accepted, _clientToDestination, _destinationToClient, _acceptPauses;
    private Func<ImmutableArray<TimeSpan>> _loopsBusy = static () => [];

    /// <summary>Creates the instruments.</summary>
    public ProxyMetrics()
    {
        Udp = new UdpMetrics(_meter);
        _meter.CreateObservableCounter("akkasocks.sessions.accepted", () => Volatile.Read(ref _accepted), "{session}");
        _meter.CreateObservableCounter("akkasocks.sessions.ended", () => ByLabel(_ended, "end", i => ((SessionEnd)i).ToLabel()), "{session}");
        _meter.CreateObservableCounter("akkasocks.sessions.refused", () => ByLabel(_refused, "reason", i => ((Refusal)i).ToLabel()), "{session}");
        _meter.CreateObservableGauge("akkasocks.sessions.open", () => Open, "{session}");
        _meter.CreateObservableCounter(
            "akkasocks.relay.bytes",
            () => new Measurement<long>[]
            {
                new(Volatile.Read(ref _clientToDestination), new KeyValuePair<string, object?>("direction", "client-to-destination")),
                new(Volatile.Read(ref _destinationToClient), new KeyValuePair<string, object?>("direction", "destination-to-client")),
            },
            "By");
        _meter.CreateObservableCounter("akkasocks.accept.pauses", () => Volatile.Read(ref _acceptPauses), "{pause}");
    }

    /// <summary>The figures of UDP associations.</summary>
    public UdpMetrics Udp { get; }

    /// <summary>Sessions that were accepted and are not over.</summary>
    public long Open
    {
        get
        {
            // The ended ones first: a session that comes and goes in between must not make the difference negative.
            var ended = _ended.Sum();
            return Volatile.Read(ref _accepted) - ended;
        }
    }

    /// <summary>Connections accepted.</summary>
    public long AcceptedSoFar => Volatile.Read(ref _accepted);

    /// <summary>Bytes that ended sessions have carried.</summary>
    public (long ClientToDestination, long DestinationToClient) Carried =>
        (Volatile.Read(ref _clientToDestination), Volatile.Read(ref _destinationToClient));

    /// <summary>Refusals by label; reasons that did not occur are not there.</summary>
    public ImmutableSortedDictionary<string, long> Refusals => _refused
        .Select((_, i) => KeyValuePair.Create(((Refusal)i).ToLabel(), Volatile.Read(ref _refused[i])))
        .Where(entry => entry.Value > 0)
        .ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Time that each event loop has spent working; empty where there are none.</summary>
    public ImmutableArray<TimeSpan> LoopsBusy => _loopsBusy();

    /// <summary>A connection was accepted.</summary>
    public void Accepted() => Interlocked.Increment(ref _accepted);

    /// <summary>A session is over.</summary>
    public void Ended(SessionRecord record)
    {
        Interlocked.Increment(ref _ended[(int)record.End]);
        if (record.Refusal != Refusal.None)
            Interlocked.Increment(ref _refused[(int)record.Refusal]);
        if (record.ClientToDestination != 0)
            Interlocked.Add(ref _clientToDestination, record.ClientToDestination);
        if (record.DestinationToClient != 0)
            Interlocked.Add(ref _destinationToClient, record.DestinationToClient);
    }

    /// <summary>Accepting paused for want of descriptors.</summary>
    public void AcceptPaused() => Interlocked.Increment(ref _acceptPauses);

    /// <summary>Adds the figures of event loops.</summary>
    /// <param name="count">How many loops there are.</param>
    /// <param name="turns">Turns of a loop so far.</param>
    /// <param name="busy">Time a loop has spent working so far.</param>
    /// <param name="longest">A loop's longest turn since it was last asked.</param>
    /// <param name="fallbacks">Directions of a loop that could not be spliced.</param>
    public void AddLoops(
        int count, Func<int, long> turns, Func<int, TimeSpan> busy, Func<int, TimeSpan> longest, Func<int, long> fallbacks)
    {
        _loopsBusy = () => [.. Enumerable.Range(0, count).Select(busy)];
        _meter.CreateObservableCounter("akkasocks.loop.turns", () => ByLoop(count, turns), "{turn}");
        _meter.CreateObservableCounter("akkasocks.loop.busy", () => ByLoop(count, i => busy(i).TotalSeconds), "s");
        _meter.CreateObservableGauge("akkasocks.loop.longest-turn", () => ByLoop(count, i => longest(i).TotalSeconds), "s");
        _meter.CreateObservableCounter("akkasocks.loop.splice-fallbacks", () => ByLoop(count, fallbacks), "{direction}");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<T>> ByLoop<T>(int count, Func<int, T> figure)
        where T : struct =>
        Enumerable.Range(0, count).Select(i => new Measurement<T>(figure(i), new KeyValuePair<string, object?>("loop", i)));

    private static IEnumerable<Measurement<long>> ByLabel(long[] counts, string label, Func<int, string> name) =>
        counts.Select((_, i) => new Measurement<long>(Volatile.Read(ref counts[i]), new KeyValuePair<string, object?>(label, name(i))));
}
