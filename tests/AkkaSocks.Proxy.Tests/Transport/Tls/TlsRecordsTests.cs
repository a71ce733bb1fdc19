using AkkaSocks.Proxy.Transport.Tls;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Transport.Tls;

public sealed class TlsRecordsTests
{
    private static readonly byte[] Record = [0x16, 3, 1, 0, 3, 1, 2, 3];

    [Fact]
    public void A_record_is_complete_with_its_last_byte_and_not_before()
    {
        for (var length = 0; length < Record.Length; length++)
            Assert.Equal(TlsRecordStatus.Incomplete, TlsRecords.Peek(Record.AsSpan(0, length), out _));
        Assert.Equal(TlsRecordStatus.Complete, TlsRecords.Peek(Record, out var whole));
        Assert.Equal(Record.Length, whole);
    }

    [Fact]
    public void What_follows_a_record_does_not_matter() =>
        Assert.Equal(TlsRecordStatus.Complete, TlsRecords.Peek([.. Record, 0xFF, 0xFF], out _));

    [Fact]
    public void Records_are_counted_up_to_the_first_that_is_not_whole()
    {
        Assert.Equal(0, TlsRecords.Whole([]));
        Assert.Equal(0, TlsRecords.Whole(Record.AsSpan(0, 7)));
        Assert.Equal(2 * Record.Length, TlsRecords.Whole([.. Record, .. Record, 0x16, 3]));
        Assert.Equal(Record.Length, TlsRecords.Whole([.. Record, 0xFF]));
    }

    [Fact]
    public void The_length_is_known_with_the_header()
    {
        TlsRecords.Peek(Record.AsSpan(0, 4), out var length);
        Assert.Equal(0, length);
        TlsRecords.Peek(Record.AsSpan(0, 5), out length);
        Assert.Equal(8, length);
    }

    [Theory]
    [InlineData(new byte[] { 0x80 })] // SSLv2
    [InlineData(new byte[] { 0x13 })]
    [InlineData(new byte[] { 0x18 })]
    [InlineData(new byte[] { (byte)'G', (byte)'E', (byte)'T' })]
    [InlineData(new byte[] { 0x16, 2 })]
    [InlineData(new byte[] { 0x16, 3, 1, 0x41, 0x01 })] // longer than a record may be
    public void Other_bytes_are_malformed_as_soon_as_they_differ(byte[] bytes) =>
        Assert.Equal(TlsRecordStatus.Malformed, TlsRecords.Peek(bytes, out _));
}
