using AkkaSocks.Proxy.Settings.Reading;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings.Reading;

public sealed class NetworkTextTests
{
    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("192.0.2.7/32")]
    [InlineData("0.0.0.0/0")]
    [InlineData("fd00::/8")]
    [InlineData("::1/128")]
    [InlineData("10.128.0.0/9")]
    public void An_address_with_a_prefix_is_a_network(string text)
    {
        Assert.Null(NetworkText.Read(text, out var network));
        Assert.Equal(text, network.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10/8")]
    [InlineData("[::1]/128")]
    [InlineData("fd00::/129")]
    public void Anything_else_is_none(string text)
    {
        Assert.Equal("a network such as 10.0.0.0/8 or fd00::/8", NetworkText.Read(text, out _));
    }

    [Theory]
    [InlineData("10.1.2.3/9", "10.0.0.0/9, or 10.1.2.3/32")]
    [InlineData("fd00::1/64", "fd00::/64, or fd00::1/128")]
    public void Bits_beyond_the_prefix_are_refused_with_what_may_be_meant(string text, string meant)
    {
        Assert.Equal("a network without bits beyond its prefix: " + meant, NetworkText.Read(text, out _));
    }
}
