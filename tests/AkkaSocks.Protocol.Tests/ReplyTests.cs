using System.Net;

namespace AkkaSocks.Protocol.Tests;

public class ReplyTests
{
    [Theory]
    [InlineData("192.0.2.1", "05000001C00002011F90")]
    [InlineData("2001:db8::1", "0500000420010DB80000000000000000000000011F90")]
    [InlineData("::ffff:192.0.2.1", "05000001C00002011F90")]
    [InlineData("fe80::1%3", "05000004FE8000000000000000000000000000011F90")]
    [InlineData("::", "05000004000000000000000000000000000000001F90")]
    public void R1_R2_success_carries_the_bound_address(string address, string hex) =>
        Assert.Equal(hex, Written(ReplyCode.Succeeded, new IPEndPoint(IPAddress.Parse(address), 8080)));

    [Theory]
    [InlineData(ReplyCode.GeneralFailure, "05010001000000000000")]
    [InlineData(ReplyCode.HostUnreachable, "05040001000000000000")]
    [InlineData(ReplyCode.CommandNotSupported, "05070001000000000000")]
    [InlineData(ReplyCode.AddressTypeNotSupported, "05080001000000000000")]
    public void R3_R4_R5_R6_a_failure_is_ten_bytes(ReplyCode code, string hex) => Assert.Equal(hex, Written(code, null));

    [Theory]
    [InlineData("05000001C00002011F90", ReplyCode.Succeeded, "192.0.2.1:8080")]
    [InlineData("0500FF01C00002011F90", ReplyCode.Succeeded, "192.0.2.1:8080")]
    [InlineData("0500000420010DB80000000000000000000000011F90", ReplyCode.Succeeded, "[2001:db8::1]:8080")]
    [InlineData("0500000400000000000000000000FFFFC00002011F90", ReplyCode.Succeeded, "192.0.2.1:8080")]
    [InlineData("050000030161001F", ReplyCode.Succeeded, "a:31")]
    [InlineData("05F60001000000000000", (ReplyCode)0xF6, "0.0.0.0:0")]
    public void A_reply_is_read(string hex, ReplyCode code, string bound)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(DecodeStatus.Done, Reply.TryRead(bytes, out ReplyCode readCode, out Destination readBound, out int length));
        Assert.Equal(code, readCode);
        Assert.Equal(bound, readBound.ToString());
        Assert.Equal(bytes.Length, length);
        Decoding.AssertReadAtLastByte(Message.Reply, bytes);
    }

    [Theory]
    [InlineData("05040003000050")]
    [InlineData("0504000301610050")]
    [InlineData("0504000303C3A9000050")]
    public void A_failure_is_read_whatever_name_it_echoes(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(DecodeStatus.Done, Reply.TryRead(bytes, out ReplyCode code, out _, out int length));
        Assert.Equal(ReplyCode.HostUnreachable, code);
        Assert.Equal(bytes.Length, length);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("04")]
    [InlineData("05000000")]
    [InlineData("05040002")]
    [InlineData("05000003000050")]
    public void A_malformed_reply_never_looks_like_success(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(DecodeStatus.Malformed, Reply.TryRead(bytes, out ReplyCode code, out _, out _));
        Assert.Equal(ReplyCode.GeneralFailure, code);
        Decoding.AssertReadAtLastByte(Message.Reply, bytes);
    }

    [Fact]
    public void An_incomplete_reply_never_looks_like_success()
    {
        Assert.Equal(DecodeStatus.NeedMore, Reply.TryRead([0x05, 0x00, 0x00], out ReplyCode code, out _, out _));
        Assert.Equal(ReplyCode.GeneralFailure, code);
    }

    private static string Written(ReplyCode code, IPEndPoint? bound)
    {
        Span<byte> buffer = stackalloc byte[Reply.MaxLength];
        buffer.Fill(0xAA);
        int length = Reply.Write(buffer, code, bound);
        Assert.Equal(-1, buffer[length..].IndexOfAnyExcept((byte)0xAA));
        return Convert.ToHexString(buffer[..length]);
    }
}
