using System.Collections.Immutable;
using System.Text;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Server.Admin.Documents;

/// <summary>A session that was refused.</summary>
/// <param name="Id">Unique in the cluster.</param>
/// <param name="Time">When.</param>
/// <param name="Node">The node that refused it.</param>
/// <param name="Listener">The listener it came through.</param>
/// <param name="Protocol">What the client speaks; null before its first byte.</param>
/// <param name="User">The name that was claimed, whether or not there is such a user; null without.</param>
/// <param name="Client">Where the client connects from.</param>
/// <param name="Command">What was asked for; null before the request.</param>
/// <param name="Destination">Where to, as the client said it; null before its request. Escaped, as in the session log.</param>
/// <param name="Reason">What refused it, a label as in logs and metrics.</param>
/// <param name="Words">The same in words.</param>
/// <param name="Mend">What helps; null where nothing does.</param>
internal sealed record RefusalDocument(
    string Id,
    DateTimeOffset Time,
    string Node,
    string Listener,
    string? Protocol,
    string? User,
    string Client,
    string? Command,
    string? Destination,
    string Reason,
    string Words,
    string? Mend)
{
    /// <summary>The document of a session.</summary>
    public static RefusalDocument Of(RefusedSession session)
    {
        var advice = RefusalAdvice.Of(session.Reason);
        return new RefusalDocument(
            session.Id.ToString(),
            DateTimeOffset.FromUnixTimeMilliseconds(session.At),
            session.Node,
            session.Listener,
            session.Protocol,
            session.User is { } user ? Encoding.UTF8.GetString(user.Bytes) : null,
            session.Client.ToString(),
            session.Command is { } command ? KebabCase.Of(command.ToString()) : null,
            session.Destination,
            session.Reason,
            advice.Words,
            advice.Mend);
    }
}

/// <summary>Why clients can be refused.</summary>
/// <param name="Items">All reasons.</param>
internal sealed record ReasonList(ImmutableArray<ReasonDocument> Items)
{
    /// <summary>The list of them.</summary>
    public static ReasonList All { get; } = new(
    [
        .. Enum.GetValues<Refusal>().Where(refusal => refusal != Refusal.None).Select(refusal =>
        {
            var advice = RefusalAdvice.Of(refusal);
            return new ReasonDocument(refusal.ToLabel(), advice.Words, advice.Key, advice.Mend);
        }),
    ]);
}

/// <summary>A reason to refuse a client.</summary>
/// <param name="Reason">The label, as in logs and metrics.</param>
/// <param name="Words">The same in words.</param>
/// <param name="Key">The key of the configuration that decides; null where none does.</param>
/// <param name="Mend">What helps; null where nothing does.</param>
internal sealed record ReasonDocument(string Reason, string Words, string? Key, string? Mend);

/// <summary>Sessions that were refused, the latest first.</summary>
/// <param name="Items">They.</param>
/// <param name="Silent">Names of nodes that did not answer, so their sessions are missing.</param>
internal sealed record RefusalList(ImmutableArray<RefusalDocument> Items, ImmutableArray<string> Silent);
