using System.Net;
using AkkaSocks.Proxy.Limits;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Limits;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", "C0000201")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", "C0000201")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "20010DB800010002")]
    [InlineData("fe80::1", "fe80::/64", "FE80000000000000")]
    [InlineData("::1", "::/64", "0000000000000000")]
    public void An_address_is_its_network_in_text_and_bytes(string address, string text, string bytes)
    {
        var network = ClientNetwork.Of(IPAddress.Parse(address));
        Assert.Equal((text, bytes), (network.ToString(), Convert.ToHexString(network.Bytes)));
        Assert.True(ClientNetwork.TryRead(network.Bytes, out var read));
        Assert.True(ClientNetwork.TryParse(text, out var parsed));
        Assert.True(ClientNetwork.TryParse(address, out var ofAddress));
        Assert.All([read, parsed, ofAddress], it => Assert.Equal(network, it));
        Assert.Equal(network, ClientNetwork.Of(network.Address));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2")]
    [InlineData("::1", "0.0.0.0")]
    [InlineData("2001:db8::1", "2001:db8:0:1::1")]
    [InlineData("7e80::1", "fe80::1")]
    public void Two_clients_are_two(string one, string other)
    {
        Assert.False(ClientNetwork.Of(IPAddress.Parse(one)) == ClientNetwork.Of(IPAddress.Parse(other)));
        Assert.True(ClientNetwork.Of(IPAddress.Parse(one)) != ClientNetwork.Of(IPAddress.Parse(other)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("010.0.0.1")]
    [InlineData("192.0.2.0/24")]
    [InlineData("192.0.2.1/64")]
    [InlineData("2001:db8::/63")]
    [InlineData("[2001:db8::1]")]
    [InlineData("fe80::1%lo")]
    [InlineData("localhost")]
    public void What_is_no_clients_network_is_refused(string text) => Assert.False(ClientNetwork.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("C00002")]
    [InlineData("20010DB80001000200000000")]
    public void Bytes_of_another_length_are_refused(string bytes) =>
        Assert.False(ClientNetwork.TryRead(Convert.FromHexString(bytes), out _));
}
