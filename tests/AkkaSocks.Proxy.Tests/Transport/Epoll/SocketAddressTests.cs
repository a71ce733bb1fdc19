using System.Net;
using CsCheck;
using Xunit;
using SocketAddress = AkkaSocks.Proxy.Transport.Epoll.SocketAddress;

namespace AkkaSocks.Proxy.Tests.Transport.Epoll;

public sealed class SocketAddressTests
{
    [Fact]
    public void Every_endpoint_comes_back_as_it_went()
    {
        Gen.Select(Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]), Gen.UShort).Sample((address, port) =>
        {
            var endpoint = new IPEndPoint(new IPAddress(address), port);
            Assert.Equal(endpoint, SocketAddress.Of(endpoint).ToEndPoint());
        });
    }

    [Fact]
    public void A_zone_comes_back_too()
    {
        var endpoint = new IPEndPoint(IPAddress.Parse("fe80::1%3"), 80);
        Assert.Equal(endpoint, SocketAddress.Of(endpoint).ToEndPoint());
    }

    [Fact]
    public void A_mapped_address_comes_back_as_IPv4() => Assert.Equal(
        new IPEndPoint(IPAddress.Parse("192.0.2.1"), 80),
        SocketAddress.Of(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 80)).ToEndPoint());
}
