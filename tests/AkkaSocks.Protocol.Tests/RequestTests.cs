using System.Net;

namespace AkkaSocks.Protocol.Tests;

public class RequestTests
{
    [Theory]
    [InlineData("050100017F0000010050", "127.0.0.1:80")]
    [InlineData("05010004200100000000000000000000000000011F90", "[2001::1]:8080")]
    [InlineData("050100030B6578616D706C652E636F6D01BB", "example.com:443")]
    public void R1_each_address_type_is_read(string hex, string destination)
    {
        Request request = Read(Convert.FromHexString(hex));
        Assert.Equal(Command.Connect, request.Command);
        Assert.Equal(destination, request.Destination.ToString());
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0xFF)]
    public void R2_any_RSV_is_taken(byte reserved) =>
        Assert.Equal("127.0.0.1:80", Read([0x05, 0x01, reserved, 0x01, 127, 0, 0, 1, 0, 80]).Destination.ToString());

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x01)]
    [InlineData(0x04)]
    [InlineData((byte)'G')]
    public void R3_another_version_is_a_general_failure_at_once(byte version) =>
        AssertMalformed([version], ReplyCode.GeneralFailure);

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x02)]
    [InlineData(0x03)]
    [InlineData(0x04)]
    [InlineData(0xF0)]
    [InlineData(0xFF)]
    public void R4_any_command_is_read_to_the_end_of_its_request(byte command)
    {
        byte[] bytes = [0x05, command, 0x00, 0x03, 1, (byte)'a', 0, 80];
        Assert.Equal(command, (byte)Read(bytes).Command);
        Decoding.AssertReadAtLastByte(Message.Request, bytes);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x02)]
    [InlineData(0x05)]
    [InlineData(0xFF)]
    public void R5_an_unknown_address_type_is_said_after_four_bytes(byte addressType) =>
        AssertMalformed([0x05, 0x01, 0x00, addressType], ReplyCode.AddressTypeNotSupported);

    [Fact]
    public void R6_an_empty_name_is_refused_once_the_request_is_whole() =>
        AssertMalformed([0x05, 0x01, 0x00, 0x03, 0, 0, 80], ReplyCode.HostUnreachable);

    [Fact]
    public void R7_a_name_of_255_octets_is_read_to_its_end_and_refused()
    {
        byte[] bytes = [0x05, 0x01, 0x00, 0x03, 255, .. Enumerable.Repeat((byte)'a', 255), 0, 80];
        Assert.Equal(Request.MaxLength, bytes.Length);
        AssertMalformed(bytes, ReplyCode.HostUnreachable);
    }

    [Fact]
    public void R7_the_longest_name_that_exists_is_read()
    {
        string name = string.Concat(Enumerable.Repeat("abcdefghi.", 26))[..253];
        byte[] bytes = [0x05, 0x01, 0x00, 0x03, 253, .. name.Select(c => (byte)c), 0, 80];
        Assert.Equal(name, Read(bytes).Destination.HostName);
        Decoding.AssertReadAtLastByte(Message.Request, bytes);
    }

    [Fact]
    public void R8_a_name_with_a_NUL_is_refused() =>
        AssertMalformed([0x05, 0x01, 0x00, 0x03, 11, .. "127.0.0.1\0a"u8, 0, 80], ReplyCode.HostUnreachable);

    [Fact]
    public void R9_the_text_of_an_address_is_that_address()
    {
        Assert.Equal(IPAddress.Loopback, Read([0x05, 0x01, 0x00, 0x03, 9, .. "127.0.0.1"u8, 0, 80]).Destination.Address);
        Assert.Equal(IPAddress.IPv6Loopback, Read([0x05, 0x01, 0x00, 0x03, 3, .. "::1"u8, 0, 80]).Destination.Address);
    }

    [Theory]
    [InlineData(Command.Connect)]
    [InlineData(Command.Bind)]
    public void R9_a_legacy_form_of_an_address_is_refused(Command command)
    {
        AssertMalformed([0x05, (byte)command, 0x00, 0x03, 5, .. "127.1"u8, 0, 80], ReplyCode.HostUnreachable);
        AssertMalformed([0x05, (byte)command, 0x00, 0x03, 1, (byte)'0', 0, 80], ReplyCode.HostUnreachable);
    }

    [Fact]
    public void R10_one_final_dot_is_removed()
    {
        Assert.Equal("example.com", Read([0x05, 0x01, 0x00, 0x03, 12, .. "example.com."u8, 0, 80]).Destination.HostName);
        AssertMalformed([0x05, 0x01, 0x00, 0x03, 13, .. "example.com.."u8, 0, 80], ReplyCode.HostUnreachable);
    }

    [Fact]
    public void R11_port_0_is_read_for_the_session_to_judge() =>
        Assert.Equal(0, Read([0x05, 0x01, 0x00, 0x01, 192, 0, 2, 1, 0, 0]).Destination.Port);

    [Theory]
    [InlineData("0501000100000000FFFF", "0.0.0.0:65535")]
    [InlineData("05010001FFFFFFFF0050", "255.255.255.255:80")]
    [InlineData("05010001E00000010050", "224.0.0.1:80")]
    [InlineData("05010004000000000000000000000000000000000050", "[::]:80")]
    public void R12_special_addresses_are_read_for_the_rules_to_judge(string hex, string destination) =>
        Assert.Equal(destination, Read(Convert.FromHexString(hex)).Destination.ToString());

    [Fact]
    public void R13_an_IPv4_mapped_address_is_IPv4() =>
        Assert.Equal(
            "127.0.0.1:80", Read(Convert.FromHexString("0501000400000000000000000000FFFF7F0000010050")).Destination.ToString());

    [Fact]
    public void U3_the_name_0_in_UDP_ASSOCIATE_is_the_unknown_address()
    {
        byte[] bytes = [0x05, 0x03, 0x00, 0x03, 1, (byte)'0', 0x12, 0x34];
        Request request = Read(bytes);
        Assert.Equal(Command.UdpAssociate, request.Command);
        Assert.Equal(Destination.OfAddress(IPAddress.Any, 0x1234), request.Destination);
        Decoding.AssertReadAtLastByte(Message.Request, bytes);
        AssertMalformed([0x05, 0x03, 0x00, 0x03, 2, .. "00"u8, 0, 80], ReplyCode.HostUnreachable);
    }

    [Theory]
    [InlineData("050100017F0000010050")]
    [InlineData("05010004200100000000000000000000000000011F90")]
    [InlineData("050100030B6578616D706C652E636F6D01BB")]
    public void A_request_that_was_read_is_written_as_it_was(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Request request = Read(bytes);
        Span<byte> buffer = stackalloc byte[Request.MaxLength];
        int length = Request.Write(buffer, request.Command, request.Destination);
        Assert.Equal(hex, Convert.ToHexString(buffer[..length]));
        Decoding.AssertReadAtLastByte(Message.Request, bytes);
    }

    private static Request Read(byte[] bytes)
    {
        Assert.Equal(DecodeStatus.Done, Request.TryRead(bytes, out Request request, out int length, out ReplyCode problem));
        Assert.Equal(bytes.Length, length);
        Assert.Equal(ReplyCode.Succeeded, problem);
        return request;
    }

    private static void AssertMalformed(byte[] bytes, ReplyCode expected)
    {
        Assert.Equal(DecodeStatus.Malformed, Request.TryRead(bytes, out _, out _, out ReplyCode problem));
        Assert.Equal(expected, problem);
        Decoding.AssertReadAtLastByte(Message.Request, bytes);
    }
}
