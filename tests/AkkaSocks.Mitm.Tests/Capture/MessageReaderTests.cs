using System.IO.Compression;
using System.Text;
using AkkaSocks.Mitm.Capture;
using AkkaSocks.Proxy.Capture;
using CsCheck;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Capture;

public sealed class MessageReaderTests
{
    /// <summary>A fragmented message with a ping in its middle, an empty one, one with the long length and one with the longest.</summary>
    private static readonly byte[] Frames =
    [
        .. Frame(0x01, "hel"u8.ToArray(), masked: true),
        .. Frame(0x89, "ping"u8.ToArray(), masked: true),
        .. Frame(0x80, "lo"u8.ToArray(), masked: true),
        .. Frame(0x82, [], masked: false),
        .. Frame(0x82, new byte[300], masked: false),
        .. Frame(0x82, new byte[70_000], masked: true),
        .. Frame(0x88, [3, 232], masked: false),
    ];

    [Fact]
    public void Messages_are_the_same_however_their_bytes_come() => Gen.Int[1, 5000].Array[1, 50].Sample(
        sizes =>
        {
            var messages = new List<CapturedMessage>();
            using var reader = new MessageReader(fromClient: true, keep: 4, messages.Add);
            var rest = Frames.AsSpan();
            for (var i = 0; !rest.IsEmpty; i++)
            {
                var size = Math.Min(sizes[i % sizes.Length], rest.Length);
                reader.Read(rest[..size]);
                rest = rest[size..];
            }

            Assert.Equal(
                [(9, 4L, "ping"), (1, 5, "hell"), (2, 0, ""), (2, 300, "\0\0\0\0"), (2, 70_000, "\0\0\0\0"), (8, 2, "\u0003\u00e8")],
                messages.Select(it => (it.Opcode, it.Body.Length, Encoding.Latin1.GetString(it.Body.Head.Span))));
        },
        iter: 100);

    /// <summary>The second message refers to what was in the first (context takeover).</summary>
    [Fact]
    public void Compressed_messages_are_read_one_by_one()
    {
        var output = new MemoryStream();
        var deflate = new DeflateStream(output, CompressionLevel.Optimal);
        var messages = new List<CapturedMessage>();
        using var reader = new MessageReader(fromClient: false, keep: 100, messages.Add);
        foreach (var text in (string[])["a text that comes again", "again: a text that comes again", ""])
        {
            output.SetLength(0);
            deflate.Write(Encoding.ASCII.GetBytes(text));
            deflate.Flush();
            var bytes = output.ToArray();
            var payload = text.Length == 0 ? [0] : bytes[..^4];
            reader.Read(Frame(0xc1, payload, masked: true));
        }

        Assert.Equal(
            ["a text that comes again", "again: a text that comes again", ""], messages.Select(it => Encoding.ASCII.GetString(it.Body.Head.Span)));
    }

    [Theory]
    [InlineData("827fffffffffffffffff")]
    [InlineData("c103ffffff")]
    public void What_is_no_frame_is_told_once_and_for_all(string hex)
    {
        using var reader = new MessageReader(fromClient: true, keep: 4, _ => { });
        Assert.Throws<InvalidDataException>(() => reader.Read(Convert.FromHexString(hex)));
    }

    private static byte[] Frame(byte first, byte[] payload, bool masked)
    {
        byte[] mask = [0x11, 0x22, 0x33, 0x44];
        byte flag = masked ? (byte)0x80 : (byte)0;
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)(payload.Length | flag)],
            < 65_536 => [(byte)(126 | flag), (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [(byte)(127 | flag), 0, 0, 0, 0, 0, (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length],
        };
        return masked
            ? [first, .. length, .. mask, .. payload.Select((it, i) => (byte)(it ^ mask[i & 3]))]
            : [first, .. length, .. payload];
    }
}
