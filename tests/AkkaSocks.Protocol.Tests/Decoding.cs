namespace AkkaSocks.Protocol.Tests;

/// <summary>The messages that have a decoder.</summary>
public enum Message
{
    Greeting,
    Credentials,
    Request,
    Reply,
    UdpHeader,
    Socks4Request,
    ProxyHeader,
}

/// <summary>All that a decoder said, in a form that can be compared.</summary>
internal readonly record struct Decoded(DecodeStatus Status, int Length, string Value);

/// <summary>Every decoder behind one signature, so that what holds for all can be tested for all.</summary>
internal static class Decoding
{
    internal static Decoded Decode(this Message message, ReadOnlySpan<byte> source)
    {
        DecodeStatus status;
        int length;
        switch (message)
        {
            case Message.Greeting:
                status = Greeting.TryRead(source, out Greeting greeting, out length);
                return new Decoded(status, length, string.Join(' ', Offers(greeting)));
            case Message.Credentials:
                status = Credentials.TryRead(source, out Credentials? credentials, out length);
                using (credentials)
                {
                    string pair = credentials is null
                        ? "" : $"{Convert.ToHexString(credentials.UserName.Bytes)} {Convert.ToHexString(credentials.Password)}";
                    return new Decoded(status, length, pair);
                }

            case Message.Request:
                status = Request.TryRead(source, out Request request, out length, out ReplyCode problem);
                return new Decoded(status, length, $"{request.Command} {request.Destination} {problem}");
            case Message.Reply:
                status = Reply.TryRead(source, out ReplyCode code, out Destination bound, out length);
                return new Decoded(status, length, $"{code} {bound}");
            case Message.Socks4Request:
                status = Socks4Request.TryRead(source, out Socks4Request socks4, out length, out problem);
                return new Decoded(status, length, $"{socks4.Command} {socks4.Destination} {problem}");
            case Message.ProxyHeader:
                status = ProxyHeader.TryRead(source, out ProxyHeader proxy, out length);
                return new Decoded(status, length, $"{proxy.Client}");
            default:
                status = UdpHeader.TryRead(source, out UdpHeader header, out length);
                return new Decoded(status, length, $"{header.Fragment} {header.Destination}");
        }
    }

    /// <summary>
    /// Feeds a message byte by byte, whole, and with more behind it: it must be read at its last byte, never before, and
    /// what follows must change nothing.
    /// </summary>
    internal static void AssertReadAtLastByte(Message message, byte[] bytes)
    {
        for (int length = 0; length < bytes.Length; length++)
            AssertNotYet(message, message.Decode(bytes.AsSpan(0, length)));

        Decoded whole = message.Decode(bytes);
        Assert.NotEqual(DecodeStatus.NeedMore, whole.Status);
        if (message != Message.UdpHeader || whole.Status == DecodeStatus.Done)
            Assert.Equal(bytes.Length, whole.Length);

        foreach (byte next in new byte[] { 0x00, 0x01, 0x05, 0xFF })
            Assert.Equal(whole, message.Decode([.. bytes, next, next, next]));
    }

    /// <summary>Too few bytes: nothing consumed. For a datagram, which cannot grow, that is malformed.</summary>
    internal static void AssertNotYet(Message message, Decoded decoded)
    {
        Assert.Equal(message == Message.UdpHeader ? DecodeStatus.Malformed : DecodeStatus.NeedMore, decoded.Status);
        Assert.Equal(0, decoded.Length);
    }

    private static IEnumerable<int> Offers(Greeting greeting) =>
        Enumerable.Range(0, 256).Where(method => greeting.Offers((AuthMethod)method));
}
