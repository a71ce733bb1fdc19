using System.Net;

namespace AkkaSocks.Protocol.Tests;

public class DestinationTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1:443")]
    [InlineData("2001:db8::1", "[2001:db8::1]:443")]
    [InlineData("::1", "[::1]:443")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1:443")]
    [InlineData("fe80::1%3", "[fe80::1]:443")]
    public void R13_an_address_has_one_form(string address, string text)
    {
        Destination destination = Destination.OfAddress(IPAddress.Parse(address), 443);
        Assert.Equal(text, destination.ToString());
        Assert.Null(destination.HostName);
    }

    [Fact]
    public void A_name_is_written_with_its_port()
    {
        Assert.True(Destination.TryOfName("example.com"u8, 443, out Destination destination));
        Assert.Equal("example.com:443", destination.ToString());
        Assert.Null(destination.Address);
    }

    [Fact]
    public void Every_spelling_of_a_host_is_one_value()
    {
        Destination expected = Destination.OfAddress(IPAddress.Parse("127.0.0.1"), 80);
        Assert.True(Destination.TryOfName("127.0.0.1"u8, 80, out Destination quad));
        Assert.True(Destination.TryOfName("::FFFF:7f00:1"u8, 80, out Destination mapped));
        Assert.Equal(expected, quad);
        Assert.Equal(expected, mapped);
        Assert.Equal(expected.GetHashCode(), mapped.GetHashCode());

        Assert.True(Destination.TryOfName("EXAMPLE.com."u8, 80, out Destination upper));
        Assert.True(Destination.TryOfName("example.com"u8, 80, out Destination lower));
        Assert.True(upper == lower);
        Assert.Equal(upper.GetHashCode(), lower.GetHashCode());
    }

    [Fact]
    public void Another_host_or_port_is_another_value()
    {
        Destination loopback = Destination.OfAddress(IPAddress.Loopback, 80);
        Assert.True(Destination.TryOfName("localhost"u8, 80, out Destination localhost));
        Assert.True(loopback != localhost);
        Assert.NotEqual(loopback, Destination.OfAddress(IPAddress.Loopback, 81));
        Assert.NotEqual(loopback, Destination.OfAddress(IPAddress.IPv6Loopback, 80));
        Assert.False(loopback.Equals(null));
    }

    [Fact]
    public void The_default_is_the_unspecified_address()
    {
        Assert.Equal(IPAddress.Any, default(Destination).Address);
        Assert.Equal(Destination.OfAddress(IPAddress.Any, 0), default);
    }

    [Fact]
    public void A_refused_name_leaves_the_unspecified_address()
    {
        Assert.False(Destination.TryOfName("127.1"u8, 80, out Destination destination));
        Assert.Equal(default, destination);
    }
}
