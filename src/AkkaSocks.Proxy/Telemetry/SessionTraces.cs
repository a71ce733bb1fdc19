using System.Diagnostics;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>
/// Some of the sessions as traces of one span each, with their phases as events: made at the end, from the record. A source that
/// nobody listens to makes none.
/// </summary>
/// <param name="every">One session in so many; 0 for none.</param>
internal sealed class SessionTraces(int every) : IDisposable
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "AkkaSocks";

    private readonly ActivitySource _source = new(SourceName);
    private long _sessions;

    /// <summary>A session is over.</summary>
    public void End(SessionRecord record)
    {
        if (every == 0 || Interlocked.Increment(ref _sessions) % every != 0 || !_source.HasListeners())
            return;
        using var span = _source.StartActivity(ActivityKind.Server, startTime: TimeOf(record.StartedAt), name: "session");
        if (span is null)
            return;
        span.SetTag("akkasocks.session", $"{record.Id}");
        span.SetTag("akkasocks.listener", record.Listener);
        span.SetTag("client.address", $"{record.Client.Address}");
        span.SetTag("client.port", record.Client.Port);
        span.SetTag("akkasocks.end", record.End.ToLabel());
        if (record.User is { } user)
            span.SetTag("user.name", $"{user}");
        if (record.Protocol is { } protocol)
            span.SetTag("akkasocks.protocol", KebabCase.Of($"{protocol}"));
        if (record.Command is { } command)
            span.SetTag("akkasocks.command", KebabCase.Of($"{command}"));
        if (record.Destination is { } destination)
            span.SetTag("akkasocks.destination", $"{destination}");
        if (record.Address is { } address)
            span.SetTag("network.peer.address", $"{address}");
        if (record.Refusal != Refusal.None)
            span.SetTag("akkasocks.refusal", record.Refusal.ToLabel());
        span.SetTag("akkasocks.bytes.client-to-destination", record.ClientToDestination);
        span.SetTag("akkasocks.bytes.destination-to-client", record.DestinationToClient);
        if (record.RequestedAt != 0)
            span.AddEvent(new ActivityEvent("requested", TimeOf(record.RequestedAt)));
        if (record.ConnectedAt != 0)
            span.AddEvent(new ActivityEvent("connected", TimeOf(record.ConnectedAt)));
        if (record.End == SessionEnd.Failed)
            span.SetStatus(ActivityStatusCode.Error);
        span.SetEndTime(TimeOf(record.EndedAt).UtcDateTime);
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    // Measured now, on the monotonic clock's word of how long ago that was.
    private static DateTimeOffset TimeOf(long at) => DateTimeOffset.UtcNow.AddMilliseconds(at - Environment.TickCount64);
}
