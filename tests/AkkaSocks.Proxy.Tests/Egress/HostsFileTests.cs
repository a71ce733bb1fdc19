using AkkaSocks.Proxy.Egress;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Egress;

public sealed class HostsFileTests
{
    private const string Text = """
        # a comment
        127.0.0.1	localhost
        ::1 localhost ip6-localhost # another
        10.0.0.1 db db.example
        10.0.0.2 db.example.
        fd00::1   db.example   OTHER.example

        fe80::1%lo0 zoned
        127.1 short
        not-an-address name
        10.0.0.9
        """;

    [Theory]
    [InlineData("localhost", "::1 127.0.0.1")]
    [InlineData("LocalHost", "::1 127.0.0.1")]
    [InlineData("localhost.", "::1 127.0.0.1")]
    [InlineData("ip6-localhost", "::1")]
    [InlineData("db", "10.0.0.1")]
    [InlineData("db.example", "fd00::1 10.0.0.1 10.0.0.2")]
    [InlineData("other.example", "fd00::1")]
    [InlineData("zoned", "")]
    [InlineData("short", "")]
    [InlineData("name", "")]
    [InlineData("another", "")]
    [InlineData("example", "")]
    [InlineData("", "")]
    public void A_name_has_the_addresses_of_all_its_lines(string name, string addresses) =>
        Assert.Equal(addresses, string.Join(' ', HostsFile.Parse(Text).Find(name)));

    [Fact]
    public void Carriage_returns_belong_to_the_line_end() =>
        Assert.Equal("10.0.0.1", string.Join(' ', HostsFile.Parse("10.0.0.1 a\r\n10.0.0.2 b\r\n").Find("a")));

    [Fact]
    public void No_name_has_more_addresses_than_are_used()
    {
        var lines = Enumerable.Range(0, 99).Select(i => $"10.0.0.{i} many");
        Assert.Equal(16, HostsFile.Parse(string.Join('\n', lines)).Find("many").Length);
    }

    [Fact]
    public void Any_text_can_be_read() =>
        Gen.String.Sample(text => HostsFile.Parse(text).Find(text).Length >= 0);
}
