using System.Buffers;
using System.Net.Security;
using AkkaSocks.Mitm.Sniffing;
using AkkaSocks.Protocol;
using CsCheck;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Sniffing;

/// <summary>The first message of TLS, as clients really send it, in every split, and broken in every way.</summary>
public sealed class ClientHelloTests
{
    private const int Max = 16 * 1024;
    private static readonly byte[] Real = RealHello.Of("Www.Example.test", SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);

    [Fact]
    public void A_real_one_tells_the_name_and_the_protocols_in_their_order() => AssertIsRead(Read(Real));

    [Fact]
    public void Bytes_behind_it_do_not_matter() => AssertIsRead(Read([.. Real, 20, 3, 3, 0, 1, 1]));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(100)]
    public void Spread_over_records_it_is_the_same(int size) => AssertIsRead(Read(RealHello.InRecordsOf(size, Real)));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Every_beginning_of_it_needs_more_whatever_its_records(int size)
    {
        var bytes = size == 0 ? Real : RealHello.InRecordsOf(size, Real);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal((length, DecodeStatus.NeedMore), (length, Read(bytes[..length]).Status));
    }

    [Fact]
    public void In_pieces_of_one_byte_it_is_the_same() => AssertIsRead(Read(Pieces(Real)));

    [Fact]
    public void Without_extensions_it_says_nothing()
    {
        byte[] body = [3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0];
        var (status, hello) = Read([22, 3, 1, 0, (byte)(body.Length + 4), 1, 0, 0, (byte)body.Length, .. body]);

        Assert.Equal((DecodeStatus.Done, (string?)null, true), (status, hello?.ServerName, hello?.Protocols.IsEmpty));
    }

    [Fact]
    public void One_that_announces_more_than_may_be_is_none() =>
        Assert.Equal(DecodeStatus.Malformed, ClientHello.TryRead(new([22, 3, 1, 0x40, 0, 1, 0, 0x40, 1]), Max, out _));

    [Theory]
    [InlineData("17030100")]
    [InlineData("1602")]
    [InlineData("1603010000")]
    [InlineData("16030141000100")]
    [InlineData("160301000402000000")]
    [InlineData("16030100040100000017030100")]
    public void What_is_none_is_told_at_once(string hex) =>
        Assert.Equal(DecodeStatus.Malformed, Read(Convert.FromHexString(hex)).Status);

    /// <summary>Lengths that lie, bytes that changed: it never throws, and never takes long.</summary>
    [Fact]
    public void Whatever_is_done_to_it_it_is_read_or_refused() => Gen.Select(
        Gen.Int[0, Real.Length - 1], Gen.Byte, Gen.Int[0, Real.Length - 1], Gen.Byte, Gen.Int[1, Real.Length]).Sample(
        (one, value, other, second, length) =>
        {
            var bytes = Real[..length];
            bytes[one % length] = value;
            bytes[other % length] = second;
            Read(bytes);
        },
        iter: 20_000);

    [Fact]
    public void Whatever_comes_it_is_read_or_refused() =>
        Gen.Byte.Array[0, 600].Sample(bytes => { Read([22, 3, 1, .. bytes]); }, iter: 20_000);

    private static void AssertIsRead((DecodeStatus Status, ClientHello? Hello) read)
    {
        Assert.Equal(ClientRandom.OfHello(Real), read.Hello?.Random);
        Assert.Equal((DecodeStatus.Done, "www.example.test"), (read.Status, read.Hello?.ServerName));
        Assert.Equal("h2, http/1.1", string.Join(", ", read.Hello!.Protocols));
    }

    private static (DecodeStatus Status, ClientHello? Hello) Read(byte[] bytes) => Read(new ReadOnlySequence<byte>(bytes));

    private static (DecodeStatus Status, ClientHello? Hello) Read(ReadOnlySequence<byte> bytes) =>
        (ClientHello.TryRead(bytes, Max, out var hello), hello);

    internal static ReadOnlySequence<byte> Pieces(byte[] bytes)
    {
        Piece? first = null, last = null;
        foreach (var one in bytes)
        {
            last = new Piece(one, last);
            first ??= last;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, 1);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte value, Piece? before)
        {
            Memory = new[] { value };
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + 1;
            before.Next = this;
        }
    }
}
