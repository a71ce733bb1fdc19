namespace AkkaSocks.Mitm.Distortion;

/// <summary>Whose bytes a flow gets.</summary>
/// <param name="Session">The session's name, as in the log and the API.</param>
/// <param name="User">Who has logged in, made safe for logs; null when nobody had to.</param>
/// <param name="Destination">What the client asked for: host and port.</param>
/// <param name="Direction">Where the bytes go.</param>
/// <param name="Arguments"><c>args</c> of the configuration; empty for the flows there are already.</param>
public sealed record RawFlowContext(
    string Session, string? User, string Destination, FlowDirection Direction, IReadOnlyDictionary<string, string> Arguments);
