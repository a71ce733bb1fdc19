using AkkaSocks.Proxy.Settings.Reading;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings.Reading;

public sealed class EndpointTextTests
{
    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("0.0.0.0:65535")]
    [InlineData("[::1]:1080")]
    public void An_address_with_a_port_is_an_endpoint(string text)
    {
        Assert.Null(EndpointText.Read(text, out var endpoint));
        Assert.Equal(text, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1080")]
    [InlineData("1080")]
    [InlineData("127.1:1080")]
    [InlineData("2130706433:1080")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:+1")]
    [InlineData("127.0.0.1: 1")]
    [InlineData("::1:1080")]
    [InlineData("[127.0.0.1]:1080")]
    [InlineData("[[::1]:5]:1080")]
    [InlineData("[::1]")]
    [InlineData("example.com:1080")]
    public void Anything_else_is_none(string text)
    {
        Assert.NotNull(EndpointText.Read(text, out _));
    }

    [Theory]
    [InlineData("9.9.9.9", "9.9.9.9:53")]
    [InlineData("9.9.9.9:5353", "9.9.9.9:5353")]
    [InlineData("2620:fe::fe", "[2620:fe::fe]:53")]
    [InlineData("[2620:fe::fe]:5353", "[2620:fe::fe]:5353")]
    public void A_name_server_may_leave_its_port_out(string text, string endpoint)
    {
        Assert.Null(EndpointText.ReadNameServer(text, out var value));
        Assert.Equal(endpoint, value.ToString());
    }

    [Theory]
    [InlineData("9.9.9.9:0")]
    [InlineData("[2620:fe::fe]")]
    [InlineData("9.9")]
    [InlineData("dns.example")]
    public void A_name_server_is_an_address(string text)
    {
        Assert.NotNull(EndpointText.ReadNameServer(text, out _));
    }
}
