using System.Net;
using System.Text;

namespace AkkaSocks.Protocol.Tests;

public class Socks4RequestTests
{
    [Theory]
    [InlineData("04010050C6336407" + "00", "198.51.100.7:80")]
    [InlineData("04010050C6336407" + "616C69636500", "198.51.100.7:80")]
    [InlineData("04010050C6336407" + "0D0A1B5B324A00", "198.51.100.7:80")]
    public void F1_an_address_is_read_and_USERID_passed_over(string hex, string destination)
    {
        Socks4Request request = Read(Convert.FromHexString(hex));
        Assert.Equal(Command.Connect, request.Command);
        Assert.Equal(destination, request.Destination.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    public void F2_an_address_of_0_0_0_x_announces_a_name(byte last)
    {
        byte[] bytes = [4, 1, 0x01, 0xBB, 0, 0, 0, last, .. "me\0example.com\0"u8];
        Assert.Equal("example.com:443", Read(bytes).Destination.ToString());
        Decoding.AssertReadAtLastByte(Message.Socks4Request, bytes);
    }

    [Fact]
    public void F2_the_text_of_an_address_is_that_address() =>
        Assert.Equal(IPAddress.Loopback, Read([4, 1, 0, 80, 0, 0, 0, 1, .. "\0127.0.0.1\0"u8]).Destination.Address);

    [Fact]
    public void F4_zeros_announce_no_name_and_are_for_the_rules_to_judge()
    {
        byte[] bytes = [4, 1, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal("0.0.0.0:0", Read(bytes).Destination.ToString());
        Decoding.AssertReadAtLastByte(Message.Socks4Request, bytes);
    }

    [Fact]
    public void F4_texts_of_255_octets_are_read()
    {
        string name = string.Concat(Enumerable.Repeat("abcdefghi.", 26))[..253];
        byte[] bytes = [4, 1, 0, 80, 0, 0, 0, 1, .. Octets(255), 0, .. Encoding.ASCII.GetBytes(name), 0];
        Assert.Equal(name, Read(bytes).Destination.HostName);
        Decoding.AssertReadAtLastByte(Message.Socks4Request, bytes);

        byte[] longest = [4, 1, 0, 80, 0, 0, 0, 1, .. Octets(255), 0, .. Octets(255), 0];
        Assert.Equal(Socks4Request.MaxLength, longest.Length);
        AssertMalformed(longest, ReplyCode.HostUnreachable);
    }

    [Fact]
    public void F4_a_text_without_an_end_is_malformed_at_its_256th_octet()
    {
        AssertMalformed([4, 1, 0, 80, 127, 0, 0, 1, .. Octets(256)], ReplyCode.GeneralFailure);
        AssertMalformed([4, 1, 0, 80, 0, 0, 0, 1, 0, .. Octets(256)], ReplyCode.GeneralFailure);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x02)]
    [InlineData(0xF0)]
    [InlineData(0xFF)]
    public void F5_any_command_is_read_to_the_end_of_its_request(byte command)
    {
        byte[] bytes = [4, command, 0, 80, 0, 0, 0, 1, .. "me\0a\0"u8];
        Assert.Equal(command, (byte)Read(bytes).Command);
        Decoding.AssertReadAtLastByte(Message.Socks4Request, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.1")]
    [InlineData("0x7f000001")]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData("[::1]")]
    public void F6_a_name_that_must_not_be_looked_up_is_refused_once_the_request_is_whole(string name) =>
        AssertMalformed([4, 1, 0, 80, 0, 0, 0, 1, 0, .. Encoding.ASCII.GetBytes(name), 0], ReplyCode.HostUnreachable);

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x05)]
    public void Another_version_is_malformed_at_once(byte version) => AssertMalformed([version], ReplyCode.GeneralFailure);

    private static byte[] Octets(int count) => [.. Enumerable.Repeat((byte)'u', count)];

    private static Socks4Request Read(byte[] bytes)
    {
        Assert.Equal(DecodeStatus.Done, Socks4Request.TryRead(bytes, out Socks4Request request, out int length, out ReplyCode problem));
        Assert.Equal(bytes.Length, length);
        Assert.Equal(ReplyCode.Succeeded, problem);
        return request;
    }

    private static void AssertMalformed(byte[] bytes, ReplyCode expected)
    {
        Assert.Equal(DecodeStatus.Malformed, Socks4Request.TryRead(bytes, out _, out _, out ReplyCode problem));
        Assert.Equal(expected, problem);
        Decoding.AssertReadAtLastByte(Message.Socks4Request, bytes);
    }
}
