using System.Net;
using System.Text;
using CsCheck;

namespace AkkaSocks.Protocol.Tests;

public class ProxyHeaderTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    private static readonly Gen<IPEndPoint> EndPoint = Gen.Select(
        Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]), Gen.UShort, (octets, port) => new IPEndPoint(new IPAddress(octets), port));

    [Theory]
    [InlineData("PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n", "255.255.255.255:65535")]
    [InlineData("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1:1")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", null)]
    public void A_line_is_read_at_its_end(string line, string? client)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(line);
        Assert.Equal(DecodeStatus.Done, ProxyHeader.TryRead(bytes, out ProxyHeader header, out int length));
        Assert.Equal((bytes.Length, client), (length, header.Client?.ToString()));
        Decoding.AssertReadAtLastByte(Message.ProxyHeader, bytes);
    }

    [Theory]
    [InlineData("2111000C" + "C6336407" + "CB007101" + "DC04" + "0438", "198.51.100.7:56324")]
    [InlineData("21110010" + "C6336407" + "CB007101" + "DC04" + "0438" + "EEFFFF01", "198.51.100.7:56324")]
    [InlineData("21210024" + "20010DB8000000000000000000000007" + "20010DB8000000000000000000000001" + "DC04" + "0438", "[2001:db8::7]:56324")]
    [InlineData("20000000", null)]
    [InlineData("2011000C" + "C6336407" + "CB007101" + "DC04" + "0438", null)]
    [InlineData("21000002" + "0000", null)]
    [InlineData("2112000C" + "C6336407" + "CB007101" + "DC04" + "0438", null)]
    [InlineData("21FF0000", null)]
    public void A_binary_header_is_read_at_its_last_byte(string hex, string? client)
    {
        byte[] bytes = [.. Signature, .. Convert.FromHexString(hex)];
        Assert.Equal(DecodeStatus.Done, ProxyHeader.TryRead(bytes, out ProxyHeader header, out int length));
        Assert.Equal((bytes.Length, client), (length, header.Client?.ToString()));
        Decoding.AssertReadAtLastByte(Message.ProxyHeader, bytes);
    }

    [Fact]
    public void X5_the_longest_header_fits_and_one_byte_more_is_malformed_as_soon_as_it_is_announced()
    {
        byte[] longest = [.. Signature, 0x20, 0x00, 0x03, 0xF0, .. new byte[1008]];
        Assert.Equal(ProxyHeader.MaxLength, longest.Length);
        Assert.Equal(DecodeStatus.Done, ProxyHeader.TryRead(longest, out _, out _));
        AssertMalformed([.. Signature, 0x20, 0x00, 0x03, 0xF1]);
    }

    [Theory]
    [InlineData("11")]
    [InlineData("22")]
    [InlineData("2F")]
    [InlineData("2111000B")]
    [InlineData("21210023")]
    [InlineData("2111FFFF")]
    public void X5_a_binary_header_is_malformed_at_the_byte_that_makes_it_so(string hex) =>
        AssertMalformed([.. Signature, .. Convert.FromHexString(hex)]);

    [Theory]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 \r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 +2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY TCP4 ::1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY tcp4 1.2.3.4 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY UNKNOWNS\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\r\n")]
    [InlineData("PROXX")]
    [InlineData("GET")]
    [InlineData("\r\n\r\n\0\r\nQUIT\r", 12)]
    public void X5_a_line_is_malformed_at_its_end_or_where_it_stops_being_one(string line, int length = 0)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(line);
        AssertMalformed(bytes[..(length > 0 ? length : line == "GET" ? 1 : bytes.Length)]);
    }

    [Fact]
    public void X5_a_line_of_108_bytes_is_malformed_at_the_107th() =>
        AssertMalformed([.. Encoding.ASCII.GetBytes("PROXY UNKNOWN "), .. Enumerable.Repeat((byte)'x', 93)]);

    [Theory]
    [InlineData("P", DecodeStatus.NeedMore)]
    [InlineData("PROXY", DecodeStatus.NeedMore)]
    [InlineData("PROXY ", DecodeStatus.Done)]
    [InlineData("POST", DecodeStatus.Malformed)]
    [InlineData("\r\n\r\n\0\r\nQUIT", DecodeStatus.NeedMore)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n", DecodeStatus.Done)]
    [InlineData("\u0005", DecodeStatus.Malformed)]
    [InlineData("", DecodeStatus.NeedMore)]
    public void What_begins_a_header_is_recognized(string text, DecodeStatus expected) =>
        Assert.Equal(expected, ProxyHeader.Recognize(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(1, "198.51.100.7", "203.0.113.1", "PROXY TCP4 198.51.100.7 203.0.113.1 1 2\r\n")]
    [InlineData(1, "::ffff:198.51.100.7", "203.0.113.1", "PROXY TCP4 198.51.100.7 203.0.113.1 1 2\r\n")]
    [InlineData(1, "198.51.100.7", "2001:db8::1", "PROXY TCP6 ::ffff:198.51.100.7 2001:db8::1 1 2\r\n")]
    public void A_line_is_written_in_the_family_that_holds_both_addresses(int version, string client, string destination, string line)
    {
        byte[] bytes = new byte[ProxyHeader.MaxWritten];
        int length = ProxyHeader.Write(
            bytes, version, new IPEndPoint(IPAddress.Parse(client), 1), new IPEndPoint(IPAddress.Parse(destination), 2));
        Assert.Equal(line, Encoding.ASCII.GetString(bytes, 0, length));
    }

    [Fact]
    public void A_binary_header_is_written_as_it_is_read()
    {
        byte[] bytes = new byte[ProxyHeader.MaxWritten];
        int length = ProxyHeader.Write(
            bytes, 2, new IPEndPoint(IPAddress.Parse("198.51.100.7"), 56324), new IPEndPoint(IPAddress.Parse("203.0.113.1"), 1080));
        Assert.Equal(Convert.ToHexString(Signature) + "2111000CC6336407CB007101DC040438", Convert.ToHexString(bytes, 0, length));
    }

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(EndPoint, EndPoint, Gen.Int[1, 2]).Sample(
        (client, destination, version) =>
        {
            Span<byte> bytes = stackalloc byte[ProxyHeader.MaxWritten];
            int written = ProxyHeader.Write(bytes, version, client, destination);
            Assert.Equal(DecodeStatus.Done, ProxyHeader.TryRead(bytes[..written], out ProxyHeader header, out int length));
            Assert.Equal(written, length);
            Assert.Equal(Destination.OfAddress(client.Address, (ushort)client.Port).ToString(), header.Client!.ToString());
        },
        iter: 100_000);

    private static void AssertMalformed(byte[] bytes)
    {
        Assert.Equal(DecodeStatus.Malformed, ProxyHeader.TryRead(bytes, out _, out int length));
        Assert.Equal(bytes.Length, length);
        Decoding.AssertReadAtLastByte(Message.ProxyHeader, bytes);
    }
}
