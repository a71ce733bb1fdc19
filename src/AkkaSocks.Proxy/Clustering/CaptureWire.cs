using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Capture;
using AkkaSocks.Proxy.Clustering.Wire;
using AkkaSocks.Proxy.Feed;
using Google.Protobuf;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>The frames of what nodes ask and tell each other about exchanges.</summary>
internal static class CaptureWire
{
    private const int MostExchanges = 10_000, MostFilters = 64;

    /// <summary>The frame of a message.</summary>
    public static FindExchangesFrame Write(FindExchanges message)
    {
        var (filter, _, after, count) = message.Question;
        var frame = new FindExchangesFrame
        {
            Number = message.Number, Asker = NodeWire.Write(message.Asker), Filter = Write(filter), Count = count,
        };
        if (after is { } place)
            frame.After = new ExchangePlaceFrame { EndedAt = place.EndedAt, Node = place.Node, Id = place.Id };
        return frame;
    }

    /// <summary>The message of a frame.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It cannot be.</exception>
    public static FindExchanges Read(FindExchangesFrame frame) => frame.Count is < 1 or > MostExchanges
        ? throw NodeWire.Impossible($"a page of {frame.Count} exchanges")
        : new FindExchanges(
            frame.Number,
            NodeWire.Read(frame.Asker),
            new AuthRegistry.GetExchanges(
                Read(frame.Filter),
                null,
                frame.After is { } place ? new ExchangePlace(place.EndedAt, place.Node, place.Id) : null,
                frame.Count));

    /// <inheritdoc cref="Write(FindExchanges)"/>
    public static ExchangesFoundFrame Write(ExchangesFound message) => new()
    {
        Number = message.Number,
        Node = NodeWire.Write(message.Node),
        Exchanges = { message.List.Items.Select(Write) },
        HasMore = message.List.HasMore,
        IsCaptured = message.IsCaptured,
    };

    /// <inheritdoc cref="Read(FindExchangesFrame)"/>
    public static ExchangesFound Read(ExchangesFoundFrame frame) => frame.HasMore && frame.Exchanges.Count == 0
        ? throw NodeWire.Impossible("more behind an empty page")
        : new ExchangesFound(
            frame.Number,
            NodeWire.Read(frame.Node),
            new ExchangeList([.. frame.Exchanges.Select(Read)], frame.HasMore),
            frame.IsCaptured);

    /// <inheritdoc cref="Write(FindExchanges)"/>
    public static FindExchangeFrame Write(FindExchange message) => new()
    {
        Number = message.Number, Asker = NodeWire.Write(message.Asker), Id = message.Id, From = message.From,
    };

    /// <inheritdoc cref="Read(FindExchangesFrame)"/>
    public static FindExchange Read(FindExchangeFrame frame) => frame.From < 0
        ? throw NodeWire.Impossible("a part before the first byte")
        : new FindExchange(frame.Number, NodeWire.Read(frame.Asker), frame.Id, frame.From);

    /// <inheritdoc cref="Write(FindExchanges)"/>
    public static ExchangeFoundFrame Write(ExchangeFound message) => new()
    {
        Number = message.Number,
        Node = NodeWire.Write(message.Node),
        Name = message.Answer.Node ?? "",
        Total = message.Answer.Part?.Total ?? 0,
        Bytes = ByteString.CopyFrom((message.Answer.Part?.Bytes ?? default).Span),
    };

    /// <inheritdoc cref="Read(FindExchangesFrame)"/>
    public static ExchangeFound Read(ExchangeFoundFrame frame) => frame.Total < frame.Bytes.Length
        ? throw NodeWire.Impossible("a part that is longer than the whole")
        : new ExchangeFound(
            frame.Number,
            NodeWire.Read(frame.Node),
            new AuthRegistry.ExchangeAnswer(frame.Name, new ExchangePart(frame.Total, frame.Bytes.Memory)));

    /// <inheritdoc cref="Write(FindExchanges)"/>
    public static WatchExchangesFrame Write(WatchExchanges message) => new()
    {
        Asker = NodeWire.Write(message.Asker), Filters = { message.Filters.Select(Write) },
    };

    /// <inheritdoc cref="Read(FindExchangesFrame)"/>
    public static WatchExchanges Read(WatchExchangesFrame frame) => frame.Filters.Count > MostFilters
        ? throw NodeWire.Impossible("so many readers")
        : new WatchExchanges(NodeWire.Read(frame.Asker), [.. frame.Filters.Select(Read)]);

    /// <inheritdoc cref="Write(FindExchanges)"/>
    public static NodeExchangesFrame Write(NodeExchanges message) => new()
    {
        Node = NodeWire.Write(message.Node), Name = message.Name, Lost = message.Lost, Exchanges = { message.Exchanges.Select(Write) },
    };

    /// <inheritdoc cref="Read(FindExchangesFrame)"/>
    public static NodeExchanges Read(NodeExchangesFrame frame) => frame.Lost < 0
        ? throw NodeWire.Impossible("fewer than none were lost")
        : new NodeExchanges(NodeWire.Read(frame.Node), frame.Name, frame.Lost, [.. frame.Exchanges.Select(Read)]);

    private static ExchangeFilterFrame Write(ExchangeFilter filter)
    {
        var frame = new ExchangeFilterFrame { FromStatus = filter.FromStatus, ToStatus = filter.ToStatus };
        if (filter.Host is { } host)
            frame.Host = host;
        if (filter.User is { } user)
            frame.User = user;
        if (filter.Method is { } method)
            frame.Method = method;
        return frame;
    }

    private static ExchangeFilter Read(ExchangeFilterFrame? frame) => frame is null
        ? ExchangeFilter.Any
        : frame.Host.Length > ExchangeFilter.MaxText
        ? throw NodeWire.Impossible("a pattern that is so long")
        : new ExchangeFilter(
            frame.HasHost ? frame.Host : null,
            frame.HasUser ? frame.User : null,
            frame.HasMethod ? frame.Method : null,
            frame.FromStatus,
            frame.ToStatus);

    private static ExchangeSummaryFrame Write(ExchangeSummary exchange)
    {
        var frame = new ExchangeSummaryFrame
        {
            Node = exchange.Node,
            Id = exchange.Id,
            Session = exchange.Session,
            Client = exchange.Client,
            Started = exchange.Started.UtcTicks,
            Duration = exchange.Duration.Ticks,
            Method = exchange.Method,
            Host = exchange.Host,
            Url = exchange.Url,
            Version = exchange.Version,
            Status = exchange.Status,
            RequestBytes = exchange.RequestBytes,
            ResponseBytes = exchange.ResponseBytes,
            Edits = { exchange.Edits },
        };
        if (exchange.User is { } user)
            frame.User = user;
        if (exchange.FirstByte is { } firstByte)
            frame.FirstByte = firstByte.Ticks;
        if (exchange.ContentType is { } type)
            frame.ContentType = type;
        if (exchange.Rule is { } rule)
            frame.Rule = rule;
        if (exchange.Error is { } error)
            frame.Error = error;
        return frame;
    }

    private static ExchangeSummary Read(ExchangeSummaryFrame frame) => new()
    {
        Node = frame.Node,
        Id = frame.Id,
        Session = frame.Session,
        User = frame.HasUser ? frame.User : null,
        Client = frame.Client,
        Started = new DateTimeOffset(frame.Started, TimeSpan.Zero),
        Duration = frame.Duration < 0 ? throw NodeWire.Impossible("less than no time") : new TimeSpan(frame.Duration),
        FirstByte = frame.HasFirstByte ? new TimeSpan(frame.FirstByte) : null,
        Method = frame.Method,
        Host = frame.Host,
        Url = frame.Url,
        Version = frame.Version,
        Status = frame.Status,
        ContentType = frame.HasContentType ? frame.ContentType : null,
        RequestBytes = frame.RequestBytes,
        ResponseBytes = frame.ResponseBytes,
        Rule = frame.HasRule ? frame.Rule : null,
        Edits = [.. frame.Edits],
        Error = frame.HasError ? frame.Error : null,
    };
}
