using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Telemetry;

/// <summary>How a <see cref="SessionRecord"/> is written: one line, whatever a client has sent.</summary>
/// <remarks>User names and destinations arrive here escaped already: that is how the protocol types print themselves.</remarks>
internal sealed class SessionLine(string node)
{
    private static readonly JsonWriterOptions Json = new() { SkipValidation = true };

    /// <summary>A JSON object.</summary>
    public void WriteJson(SessionRecord record, IBufferWriter<byte> output)
    {
        using (var json = new Utf8JsonWriter(output, Json))
        {
            json.WriteStartObject();
            json.WriteString("time", EndTime(record));
            json.WriteString("session", record.Id.ToString());
            json.WriteString("node", node);
            json.WriteString("listener", record.Listener);
            json.WriteString("client", record.Client.ToString());
            if (record.Via is { } via)
                json.WriteString("via", via.ToString());
            if (record.TlsVersion is { } tls)
                json.WriteString("tls", tls);
            if (record.ServerName is { } serverName)
                json.WriteString("serverName", serverName);
            if (record.User is { } user)
                json.WriteString("user", user.ToString());
            if (record.Protocol is { } protocol)
                json.WriteString("protocol", protocol.ToLabel());
            if (record.Command is { } command)
                json.WriteString("command", command.ToString().ToLowerInvariant());
            if (record.Destination is { } destination)
                json.WriteString("destination", destination.ToString());
            if (record.Address is { } address)
                json.WriteString("address", address.ToString());
            if (record.Reply is { } reply)
                json.WriteNumber("reply", (int)reply);
            json.WriteString("end", record.End.ToLabel());
            if (record.Refusal != Refusal.None)
                json.WriteString("refusal", record.Refusal.ToLabel());
            if (record.Termination is { } termination)
                json.WriteString("termination", KebabCase.Of(termination.ToString()));
            if (record.Intercept is { } intercept)
                json.WriteString("intercept", intercept.ToLabel());
            json.WriteNumber("clientToDestination", record.ClientToDestination);
            json.WriteNumber("destinationToClient", record.DestinationToClient);
            if (record.DatagramsDropped != 0)
                json.WriteNumber("datagramsDropped", record.DatagramsDropped);
            if (record.RequestedAt != 0)
                json.WriteNumber("handshakeMs", record.RequestedAt - record.StartedAt);
            if (record.ConnectedAt != 0)
                json.WriteNumber("connectMs", record.ConnectedAt - record.RequestedAt);
            json.WriteNumber("durationMs", record.EndedAt - record.StartedAt);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>A line for people: time, client, user, destination, how it ended, bytes up and down, duration, and datagrams that
    /// were dropped, if any.</summary>
    public void WriteText(SessionRecord record, IBufferWriter<byte> output)
    {
        var end = record.Refusal == Refusal.None ? record.End.ToLabel() : $"refused:{record.Refusal.ToLabel()}";
        var intercept = record.Intercept is { } outcome ? $" intercept={outcome.ToLabel()}" : "";
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{EndTime(record)} {record.Id} {record.Client} {record.User?.ToString() ?? "-"} "
            + $"{record.Destination?.ToString() ?? "-"} {end} up={record.ClientToDestination} down={record.DestinationToClient} "
            + $"{record.EndedAt - record.StartedAt}ms{(record.DatagramsDropped == 0 ? "" : $" dropped={record.DatagramsDropped}")}{intercept}\n");
        Encoding.UTF8.GetBytes(line, output);
    }

    /// <summary>A line for programs that ban addresses, such as fail2ban. No text of the client is in it.</summary>
    public void WriteFailedLogin(SessionRecord record, IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{EndTime(record)} akkasocks[{node}] login failed from {record.Client.Address} port {record.Client.Port}: "
            + $"{record.Refusal.ToLabel()} listener={record.Listener} session={record.Id}\n"),
        output);

    /// <summary>The wall-clock time of the end: measured now, on the monotonic clock's word of how long ago that was.</summary>
    private static string EndTime(SessionRecord record) => DateTimeOffset.UtcNow
        .AddMilliseconds(record.EndedAt - Environment.TickCount64)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
