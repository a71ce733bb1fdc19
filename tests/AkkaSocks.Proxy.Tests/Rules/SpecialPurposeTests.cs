using System.Net;
using AkkaSocks.Proxy.Rules;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Rules;

public sealed class SpecialPurposeTests
{
    [Theory]
    [InlineData("9.255.255.255", nameof(AddressClass.Public))]
    [InlineData("10.0.0.0", nameof(AddressClass.Special))]
    [InlineData("10.255.255.255", nameof(AddressClass.Special))]
    [InlineData("11.0.0.0", nameof(AddressClass.Public))]
    [InlineData("0.0.0.0", nameof(AddressClass.Never))]
    [InlineData("0.0.0.1", nameof(AddressClass.Special))]
    [InlineData("223.255.255.255", nameof(AddressClass.Public))]
    [InlineData("224.0.0.0", nameof(AddressClass.Never))]
    [InlineData("239.255.255.255", nameof(AddressClass.Never))]
    [InlineData("240.0.0.0", nameof(AddressClass.Special))]
    [InlineData("255.255.255.255", nameof(AddressClass.Never))]
    [InlineData("::ffff:255.255.255.255", nameof(AddressClass.Never))]
    [InlineData("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nameof(AddressClass.Special))]
    [InlineData("2000::", nameof(AddressClass.Public))]
    [InlineData("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nameof(AddressClass.Public))]
    [InlineData("3fff::", nameof(AddressClass.Special))]
    [InlineData("3fff:1000::", nameof(AddressClass.Public))]
    [InlineData("4000::", nameof(AddressClass.Special))]
    [InlineData("ff00::", nameof(AddressClass.Never))]
    public void A_block_ends_where_its_RFC_says(string address, string expected) =>
        Assert.Equal(expected, SpecialPurpose.Find(AddressRange.NumberOf(IPAddress.Parse(address))).Class.ToString());
}
