using System.Net;
using CsCheck;

namespace AkkaSocks.Protocol.Tests;

public class UdpDatagramTests
{
    private static readonly Gen<byte[]> Datagrams = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.Select(Gen.Byte[0, 1], Gen.Byte[0, 4], Gen.Byte.Array[0, 40])
            .Select((fragment, type, rest) => (byte[])[0, 0, fragment, type, .. rest]));

    [Fact]
    public void It_reads_what_the_header_reads() => Datagrams.Sample(
        datagram =>
        {
            bool read = UdpDatagram.TryRead(datagram, out UdpDatagram quick);
            bool thorough = UdpHeader.TryRead(datagram, out UdpHeader header, out int length) == DecodeStatus.Done;
            if (!thorough)
            {
                // Only a name may still be found to be none.
                Assert.True(!read || !quick.Name.IsEmpty);
                return;
            }

            Assert.True(read);
            Assert.Equal(length, quick.HeaderLength);
            Assert.Equal(header.Fragment, quick.Fragment);
            Assert.Equal(header.Destination.Port, quick.Address.Port);
            if (quick.Name.IsEmpty)
                Assert.Equal(header.Destination, Destination.OfAddress(quick.Address.ToEndPoint().Address, quick.Address.Port));
        },
        iter: 100_000);

    [Theory]
    [InlineData("00000001C00002010035")]
    [InlineData("0000000420010DB80000000000000000000000010035")]
    [InlineData("00000003076578616D706C650035")]
    public void U6_a_datagram_shorter_than_its_header_is_malformed(string hex)
    {
        byte[] datagram = Convert.FromHexString(hex);
        for (int length = 0; length < datagram.Length; length++)
            Assert.False(UdpDatagram.TryRead(datagram.AsSpan(0, length), out _));
        Assert.True(UdpDatagram.TryRead(datagram, out UdpDatagram read));
        Assert.Equal(datagram.Length, read.HeaderLength);
        Assert.True(UdpDatagram.TryRead([.. datagram, 1, 2, 3], out read));
        Assert.Equal(datagram.Length, read.HeaderLength);
    }

    [Theory]
    [InlineData("192.0.2.1", "00000001C00002010035")]
    [InlineData("::ffff:192.0.2.1", "00000001C00002010035")]
    [InlineData("2001:db8::1", "0000000420010DB80000000000000000000000010035")]
    public void U7_the_header_of_an_answer_names_its_sender(string sender, string hex)
    {
        DatagramAddress address = DatagramAddress.Of(IPAddress.Parse(sender), 53);
        byte[] header = new byte[UdpDatagram.HeaderLengthOf(address)];
        header.AsSpan().Fill(0xAA);
        UdpDatagram.WriteHeader(header, address);
        Assert.Equal(hex, Convert.ToHexString(header));
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        byte[][] datagrams =
        [
            Convert.FromHexString("00000001C00002010035"),
            Convert.FromHexString("0000000420010DB80000000000000000000000010035"),
            Convert.FromHexString("00000003076578616D706C650035"),
        ];
        byte[] header = new byte[UdpDatagram.MaxAnswerHeaderLength];
        Relay();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Relay();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Relay()
        {
            foreach (byte[] datagram in datagrams)
            {
                UdpDatagram.TryRead(datagram, out UdpDatagram read);
                UdpDatagram.WriteHeader(header, read.Address);
            }
        }
    }
}
