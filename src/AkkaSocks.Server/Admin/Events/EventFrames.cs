using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Feed;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Server.Admin.Documents;

namespace AkkaSocks.Server.Admin.Events;

/// <summary>What happens, as frames of a stream of server-sent events (HTML Living Standard §9.2): a name and one line of JSON.</summary>
internal static class EventFrames
{
    /// <summary>The name of figures.</summary>
    public const string Figures = "figures";

    /// <summary>The name of exchanges, of which there is a stream by itself.</summary>
    public const string Exchange = "exchange";

    /// <summary>The name of lines of process logs, of which there is a stream by itself.</summary>
    public const string Line = "line";

    /// <summary>The name of what says that events are missing.</summary>
    public const string Lost = "lost";

    /// <summary>The name of what says which nodes tell nothing.</summary>
    public const string Silent = "silent";

    /// <summary>Says that the connection lives; readers pass over it.</summary>
    public static readonly byte[] Alive = ":\n\n"u8.ToArray();

    private static readonly string[] NamesOfKinds = [.. Enum.GetNames<FeedKind>().Select(KebabCase.Of)];

    /// <summary>All names of what happens in the cluster, but <see cref="Lost"/>.</summary>
    public static readonly string[] Names = [.. NamesOfKinds, Figures];

    /// <summary>The name of an event.</summary>
    public static string NameOf(FeedKind kind) => NamesOfKinds[(int)kind];

    /// <summary>The frame of an event.</summary>
    public static byte[] Of(string node, FeedEvent happened) =>
        Frame(NameOf(happened.Kind), EventDocument.Of(node, happened), AdminJson.Default.EventDocument);

    /// <summary>The frame of figures.</summary>
    public static byte[] Of(NodeReport report) => Frame(
        Figures,
        new NodeFiguresDocument(
            report.Name, report.IsDraining, report.Sessions, report.Figures is { } figures ? FiguresDocument.Of(figures) : null),
        AdminJson.Default.NodeFiguresDocument);

    /// <summary>The frame of an exchange.</summary>
    public static byte[] Of(ExchangeSummary exchange) =>
        Frame(Exchange, ExchangeDocument.Of(exchange), AdminJson.Default.ExchangeDocument);

    /// <summary>The frame of a line of a process log.</summary>
    public static byte[] Of(string node, LogLine line) => Frame(Line, LogLineDocument.Of(node, line), AdminJson.Default.LogLineDocument);

    /// <summary>The frame of what is missing.</summary>
    public static byte[] OfLost(long count, string? node) => Frame(Lost, new LostDocument(count, node), AdminJson.Default.LostDocument);

    /// <summary>The frame of nodes that do not answer.</summary>
    public static byte[] OfSilent(ImmutableArray<string> nodes) =>
        Frame(Silent, new SilentDocument(nodes), AdminJson.Default.SilentDocument);

    // JSON that is written without indentation is one line, whatever a client has sent.
    private static byte[] Frame<T>(string name, T document, JsonTypeInfo<T> type) =>
        Encoding.UTF8.GetBytes($"event: {name}\ndata: {JsonSerializer.Serialize(document, type)}\n\n");
}
