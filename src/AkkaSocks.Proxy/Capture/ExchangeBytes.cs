using AkkaSocks.Proxy.Capture.Wire;
using Google.Protobuf;

namespace AkkaSocks.Proxy.Capture;

/// <summary>An exchange as bytes: the message of <c>capture.proto</c>. With its bodies it may be longer than any frame, so it crosses in
/// parts (<see cref="ExchangeParts"/>).</summary>
internal static class ExchangeBytes
{
    /// <summary>The bytes of an exchange.</summary>
    public static byte[] Write(CapturedExchange exchange)
    {
        var frame = new CapturedExchangeFrame
        {
            Id = exchange.Id,
            Session = exchange.Session,
            Client = exchange.Client,
            Started = exchange.Started.UtcTicks,
            Duration = exchange.Duration.Ticks,
            Method = exchange.Method,
            Host = exchange.Host,
            Url = exchange.Url,
            Version = exchange.Version,
            RequestFields = { exchange.RequestFields.Select(Frame) },
            RequestBody = Frame(exchange.RequestBody),
            Status = exchange.Status,
            ResponseFields = { exchange.ResponseFields.Select(Frame) },
            ResponseBody = Frame(exchange.ResponseBody),
            Messages = { exchange.Messages.Select(Frame) },
            Edits = { exchange.Edits.Select(edit => new CapturedEditFrame { Rule = edit.Rule, What = edit.What }) },
        };
        if (exchange.User is { } user)
            frame.User = user;
        if (exchange.FirstByte is { } firstByte)
            frame.FirstByte = firstByte.Ticks;
        if (exchange.Rule is { } rule)
            frame.Rule = rule;
        if (exchange.Error is { } error)
            frame.Error = error;
        return frame.ToByteArray();
    }

    /// <summary>The exchange of these bytes.</summary>
    /// <exception cref="InvalidProtocolBufferException">They are none.</exception>
    /// <exception cref="ArgumentException">A time in them cannot be.</exception>
    public static CapturedExchange Read(ReadOnlySpan<byte> bytes)
    {
        var frame = CapturedExchangeFrame.Parser.ParseFrom(bytes);
        return new CapturedExchange
        {
            Id = frame.Id,
            Session = frame.Session,
            User = frame.HasUser ? frame.User : null,
            Client = frame.Client,
            Started = new DateTimeOffset(frame.Started, TimeSpan.Zero),
            Duration = new TimeSpan(frame.Duration),
            FirstByte = frame.HasFirstByte ? new TimeSpan(frame.FirstByte) : null,
            Method = frame.Method,
            Host = frame.Host,
            Url = frame.Url,
            Version = frame.Version,
            RequestFields = [.. frame.RequestFields.Select(Field)],
            RequestBody = Body(frame.RequestBody),
            Status = frame.Status,
            ResponseFields = [.. frame.ResponseFields.Select(Field)],
            ResponseBody = Body(frame.ResponseBody),
            Messages = [.. frame.Messages.Select(Message)],
            Rule = frame.HasRule ? frame.Rule : null,
            Edits = [.. frame.Edits.Select(edit => new CapturedEdit(edit.Rule, edit.What))],
            Error = frame.HasError ? frame.Error : null,
        };
    }

    private static FieldFrame Frame(KeyValuePair<string, string> field) => new() { Name = field.Key, Value = field.Value };

    private static KeyValuePair<string, string> Field(FieldFrame frame) => KeyValuePair.Create(frame.Name, frame.Value);

    // Nobody writes into what is remembered.
    private static BodyFrame Frame(CapturedBody body) => new() { Length = body.Length, Head = UnsafeByteOperations.UnsafeWrap(body.Head) };

    private static CapturedBody Body(BodyFrame? frame) =>
        frame is null ? new CapturedBody(0, default) : new CapturedBody(frame.Length, frame.Head.Memory);

    private static CapturedMessageFrame Frame(CapturedMessage message) => new()
    {
        FromClient = message.FromClient, Time = message.Time.UtcTicks, Opcode = message.Opcode, Body = Frame(message.Body),
    };

    private static CapturedMessage Message(CapturedMessageFrame frame) =>
        new(frame.FromClient, new DateTimeOffset(frame.Time, TimeSpan.Zero), frame.Opcode, Body(frame.Body));
}
