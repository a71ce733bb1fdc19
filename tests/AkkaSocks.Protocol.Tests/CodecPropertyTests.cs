using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;

namespace AkkaSocks.Protocol.Tests;

/// <summary>What must hold for every decoder and all bytes.</summary>
public class CodecPropertyTests
{
    private const int Cases = 100_000;

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 300].Sample(
        bytes =>
        {
            foreach (Message message in Enum.GetValues<Message>())
            {
                message.Decode(bytes);

                // The same beyond the version octet, where plain noise hardly ever gets.
                if (bytes.Length > 3)
                {
                    bytes[0] = message switch
                    {
                        Message.Credentials => 1,
                        Message.Socks4Request => 4,
                        _ => 5,
                    };
                    bytes[3] = (byte)(bytes[3] % 5);
                    message.Decode(bytes);
                }
            }

            Destination.TryOfName(bytes, 80, out _);
        },
        iter: Cases);

    [Theory]
    [InlineData(Message.Greeting)]
    [InlineData(Message.Credentials)]
    [InlineData(Message.Request)]
    [InlineData(Message.Reply)]
    [InlineData(Message.UdpHeader)]
    [InlineData(Message.Socks4Request)]
    public void The_verdict_is_that_of_the_reference_parser(Message message) =>
        Generators.Input(message).Sample(
            bytes => Assert.Equal(ReferenceParser.Decode(message, bytes), message.Decode(bytes)), iter: Cases);

    [Theory]
    [InlineData(Message.Greeting)]
    [InlineData(Message.Credentials)]
    [InlineData(Message.Request)]
    [InlineData(Message.Reply)]
    [InlineData(Message.UdpHeader)]
    [InlineData(Message.Socks4Request)]
    [InlineData(Message.ProxyHeader)]
    public void A_message_is_read_at_its_last_byte_and_nothing_behind_it_matters(Message message) =>
        Gen.Select(Generators.Input(message), Gen.Double[0, 1], Gen.Byte.Array[1, 8]).Sample(
            (bytes, cut, more) =>
            {
                Decoded whole = message.Decode(bytes);
                bool settled = whole.Status == DecodeStatus.Done
                    || (whole.Status == DecodeStatus.Malformed && message != Message.UdpHeader);
                int end = settled ? whole.Length : bytes.Length;
                Assert.InRange(end, settled ? 1 : 0, bytes.Length);

                if (settled)
                {
                    Assert.Equal(whole, message.Decode(bytes.AsSpan(0, end)));
                    Assert.Equal(whole, message.Decode([.. bytes.AsSpan(0, end), .. more]));
                    Decoding.AssertNotYet(message, message.Decode(bytes.AsSpan(0, end - 1)));
                }

                Decoding.AssertNotYet(message, message.Decode(bytes.AsSpan(0, (int)(cut * Math.Max(0, end - 1)))));
            },
            iter: Cases);

    [Fact]
    public void A_conversation_is_the_same_in_whatever_pieces_it_comes() =>
        Gen.Select(
            Generators.Greeting, Generators.Credentials, Generators.Request, Gen.Byte.Array[0, 20], Gen.Int[1, 300].Array[1, 20])
            .Sample(
            (greeting, credentials, request, payload, sizes) =>
            {
                byte[] stream = [.. greeting, .. credentials, .. request, .. payload];
                Assert.Equal(Conversation.Read(stream, [stream.Length]), Conversation.Read(stream, sizes));
            },
            iter: Cases);

    [Fact]
    public void A_conversation_is_the_same_at_every_split()
    {
        byte[] stream =
        [
            0x05, 0x02, 0x00, 0x02,
            0x01, 5, .. "alice"u8, 6, .. "s3cret"u8,
            0x05, 0x01, 0x00, 0x03, 11, .. "example.com"u8, 0x01, 0xBB,
            .. "GET / HTTP/1.1"u8,
        ];
        string payload = Convert.ToHexString("GET / HTTP/1.1"u8);
        string expected = Conversation.Read(stream, [stream.Length]);
        Assert.EndsWith($"Connect example.com:443 Succeeded | {payload}", expected, StringComparison.Ordinal);

        Assert.Equal(expected, Conversation.Read(stream, [1]));
        for (int split = 1; split < stream.Length; split++)
            Assert.Equal(expected, Conversation.Read(stream, [split, stream.Length]));
    }

    [Fact]
    public void An_accepted_name_is_within_the_limits() => Generators.Name.Sample(
        bytes =>
        {
            if (!Destination.TryOfName(bytes, 80, out Destination destination))
                return;

            Assert.NotEqual(destination.Address is null, destination.HostName is null);
            Assert.False(destination.Address is { IsIPv4MappedToIPv6: true });
            if (destination.HostName is not { } name)
                return;

            Assert.InRange(name.Length, 1, 253);
            Assert.All(name.Split('.'), label => Assert.InRange(label.Length, 1, 63));
            Assert.DoesNotContain(name, c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.'));
            Assert.False(IPAddress.TryParse(name, out _), name);
        },
        iter: Cases);

    [Fact]
    public void An_accepted_name_is_accepted_again_as_it_was_stored() => Generators.Name.Sample(
        bytes =>
        {
            if (Destination.TryOfName(bytes, 80, out Destination destination))
            {
                string stored = destination.HostName ?? destination.Address!.ToString();
                Assert.True(Destination.TryOfName(Encoding.ASCII.GetBytes(stored), 80, out Destination again), stored);
                Assert.Equal(destination, again);
            }
        },
        iter: Cases);

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(Generators.Destination, Gen.Byte).Sample(
        (destination, octet) =>
        {
            int fieldLength = destination switch
            {
                { HostName: { } name } => 1 + 1 + name.Length + 2,
                { Address.AddressFamily: AddressFamily.InterNetwork } => 1 + 4 + 2,
                _ => 1 + 16 + 2,
            };
            Span<byte> buffer = stackalloc byte[Request.MaxLength];

            Assert.Equal(3 + fieldLength, Request.Write(buffer, (Command)octet, destination));
            Assert.Equal(DecodeStatus.Done, Request.TryRead(buffer, out Request request, out int length, out _));
            Assert.Equal((3 + fieldLength, (Command)octet, destination), (length, request.Command, request.Destination));

            if (destination.Port != 0)
            {
                Assert.Equal(3 + fieldLength, UdpHeader.Write(buffer, destination));
                Assert.Equal(DecodeStatus.Done, UdpHeader.TryRead(buffer, out UdpHeader header, out length));
                Assert.Equal((3 + fieldLength, 0, destination), (length, header.Fragment, header.Destination));
            }

            if (destination.Address is { } address)
            {
                var endPoint = new IPEndPoint(address, destination.Port);
                Assert.Equal(3 + fieldLength, Reply.Write(buffer, (ReplyCode)octet, endPoint));
                Assert.Equal(DecodeStatus.Done, Reply.TryRead(buffer, out ReplyCode code, out Destination bound, out length));
                Assert.Equal((3 + fieldLength, (ReplyCode)octet, destination), (length, code, bound));
            }
        },
        iter: Cases);
}
