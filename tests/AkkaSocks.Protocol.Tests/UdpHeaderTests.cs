using System.Net;

namespace AkkaSocks.Protocol.Tests;

public class UdpHeaderTests
{
    [Theory]
    [InlineData("00000001C00002010035", "192.0.2.1:53")]
    [InlineData("0000000420010DB80000000000000000000000010035", "[2001:db8::1]:53")]
    [InlineData("00000003076578616D706C650035", "example:53")]
    [InlineData("00000003093132372E302E302E310035", "127.0.0.1:53")]
    public void U6_the_header_ends_where_the_payload_starts(string hex, string destination)
    {
        byte[] header = Convert.FromHexString(hex);
        byte[] datagram = [.. header, .. "payload"u8];
        Assert.Equal(DecodeStatus.Done, UdpHeader.TryRead(datagram, out UdpHeader read, out int length));
        Assert.Equal(header.Length, length);
        Assert.Equal(destination, read.Destination.ToString());
        Assert.Equal(0, read.Fragment);
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x7F)]
    [InlineData(0x81)]
    public void U5_a_fragment_says_so(byte fragment)
    {
        byte[] datagram = [0, 0, fragment, 0x01, 192, 0, 2, 1, 0, 53];
        Assert.Equal(DecodeStatus.Done, UdpHeader.TryRead(datagram, out UdpHeader header, out _));
        Assert.Equal(fragment, header.Fragment);
    }

    [Fact]
    public void U6_any_RSV_is_taken() =>
        Assert.Equal(DecodeStatus.Done, UdpHeader.TryRead([0x12, 0xFF, 0, 0x01, 192, 0, 2, 1, 0, 53], out _, out _));

    [Theory]
    [InlineData("00000001C00002010035")]
    [InlineData("0000000420010DB80000000000000000000000010035")]
    [InlineData("00000003076578616D706C650035")]
    public void U6_a_datagram_shorter_than_its_header_is_malformed(string hex) =>
        Decoding.AssertReadAtLastByte(Message.UdpHeader, Convert.FromHexString(hex));

    [Theory]
    [InlineData("00000000C00002010035")]
    [InlineData("00000002C00002010035")]
    [InlineData("000000FFC00002010035")]
    public void U6_an_unknown_address_type_is_malformed(string hex) => AssertMalformed(hex);

    [Theory]
    [InlineData("00000003FF6578616D706C650035")]
    [InlineData("00000003086578616D706C650035")]
    public void U6_a_name_past_the_end_is_malformed(string hex) => AssertMalformed(hex);

    [Theory]
    [InlineData("00000001C00002010000")]
    [InlineData("00000003076578616D706C650000")]
    public void U6_port_0_is_malformed(string hex) => AssertMalformed(hex);

    [Theory]
    [InlineData("00000003000035")]
    [InlineData("0000000301300035")]
    [InlineData("00000003053132372E310035")]
    public void U6_a_refused_name_is_malformed(string hex) => AssertMalformed(hex);

    [Theory]
    [InlineData("192.0.2.1", "00000001C00002010035")]
    [InlineData("::ffff:192.0.2.1", "00000001C00002010035")]
    [InlineData("2001:db8::1", "0000000420010DB80000000000000000000000010035")]
    public void U7_the_header_of_an_answer_names_its_sender(string sender, string hex)
    {
        Span<byte> buffer = stackalloc byte[UdpHeader.MaxLength];
        buffer.Fill(0xAA);
        int length = UdpHeader.Write(buffer, Destination.OfAddress(IPAddress.Parse(sender), 53));
        Assert.Equal(hex, Convert.ToHexString(buffer[..length]));
        Assert.Equal(-1, buffer[length..].IndexOfAnyExcept((byte)0xAA));
    }

    private static void AssertMalformed(string hex)
    {
        byte[] datagram = Convert.FromHexString(hex);
        Assert.Equal(DecodeStatus.Malformed, UdpHeader.TryRead(datagram, out UdpHeader header, out int length));
        Assert.Equal(0, length);
        Assert.Equal(default, header.Destination);
    }
}
