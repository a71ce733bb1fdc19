using System.Net;
using System.Text;

namespace AkkaSocks.Protocol.Tests;

/// <summary>What a client may put into ATYP 03, through <see cref="Destination.TryOfName"/>.</summary>
public class DomainNameTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("EXAMPLE.Com", "example.com")]
    [InlineData("example.com.", "example.com")]
    [InlineData("localhost", "localhost")]
    [InlineData("LOCALHOST.", "localhost")]
    [InlineData("a", "a")]
    [InlineData("a.", "a")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("_dmarc.my_host.example", "_dmarc.my_host.example")]
    [InlineData("foo-.example", "foo-.example")]
    [InlineData("r3---sn-4g5e6nsz.example", "r3---sn-4g5e6nsz.example")]
    [InlineData("1.example", "1.example")]
    [InlineData("127.0.0.1.example", "127.0.0.1.example")]
    [InlineData("0x7f.example", "0x7f.example")]
    [InlineData("0x7g", "0x7g")]
    [InlineData("1x2", "1x2")]
    [InlineData("x", "x")]
    [InlineData("dead.beef", "dead.beef")]
    [InlineData("1e5", "1e5")]
    [InlineData("0b1", "0b1")]
    [InlineData("00x1", "00x1")]
    [InlineData("-1", "-1")]
    public void R8_R10_a_name_is_kept_in_lower_case_without_its_final_dot(string text, string expected)
    {
        Assert.True(TryRead(text, out Destination destination));
        Assert.Equal(expected, destination.HostName);
        Assert.Null(destination.Address);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("169.254.169.254", "169.254.169.254")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:DB8::A", "2001:db8::a")]
    [InlineData("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::192.0.2.33")]
    [InlineData("::127.0.0.1", "::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    [InlineData("::FFFF:7F00:1", "127.0.0.1")]
    [InlineData("0:0:0:0:0:ffff:10.0.0.1", "10.0.0.1")]
    public void R9_R13_the_text_of_an_address_is_that_address(string text, string expected)
    {
        Assert.True(TryRead(text, out Destination destination));
        Assert.Equal(IPAddress.Parse(expected), destination.Address);
        Assert.Null(destination.HostName);
    }

    [Theory]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("0")]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("0x7f000001")]
    [InlineData("0X7F000001")]
    [InlineData("0x")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("127.0.0.0x1")]
    [InlineData("0177.0.0.1")]
    [InlineData("0251.0376.0251.0376")]
    [InlineData("127.0.0.01")]
    [InlineData("127.0.0.00")]
    [InlineData("00.0.0.0")]
    [InlineData("127.0.0.1.")]
    [InlineData("127.1.")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("999.0.0.1")]
    [InlineData("1.2.3.4444")]
    [InlineData("example.123")]
    [InlineData("example.0x1f")]
    [InlineData("example.com.1.")]
    public void R9_a_legacy_form_of_an_address_is_refused(string text) => AssertRefused(text);

    [Theory]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("[127.0.0.1]")]
    [InlineData("::1%lo")]
    [InlineData("fe80::1%3")]
    [InlineData("::1/128")]
    [InlineData("::1.")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData(":1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:8:")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("::12345")]
    [InlineData("::00001")]
    [InlineData("::g")]
    [InlineData("::0x1")]
    [InlineData("::+1")]
    [InlineData("::ffff:127.1")]
    [InlineData("::ffff:0177.0.0.1")]
    [InlineData("::ffff:0x7f.0.0.1")]
    [InlineData("::ffff:1.2.3.4:5")]
    [InlineData("::1.2.3.4.5")]
    [InlineData("1.2.3.4::")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("1:2:3:4:5:1.2.3.4")]
    [InlineData("example.com:80")]
    [InlineData("127.0.0.1:80")]
    public void R9_other_IPv6_text_is_refused(string text) => AssertRefused(text);

    [Theory]
    [InlineData("127.0.0.1\0.example.com")]
    [InlineData("example.com\0")]
    [InlineData("\0")]
    [InlineData("127.0.0.1\0")]
    [InlineData("::1\0")]
    [InlineData("example.com\r\n")]
    [InlineData("a\nb.example")]
    [InlineData("example.com ")]
    [InlineData("127.0.0.1 ")]
    [InlineData(" 127.0.0.1")]
    [InlineData("+127.0.0.1")]
    [InlineData("exa\tmple.com")]
    [InlineData("\u001b[2J.example")]
    [InlineData("example\u007f.com")]
    [InlineData("example.com/path")]
    [InlineData("example\\com")]
    [InlineData("user@example.com")]
    [InlineData("%65xample.com")]
    [InlineData("exam[ple].com")]
    [InlineData("\"\"\"\"\".com")]
    [InlineData("it's.example")]
    [InlineData("`id`.example")]
    [InlineData("*.example")]
    [InlineData("a,b.example")]
    [InlineData("a;b.example")]
    [InlineData("a?b#c.example")]
    [InlineData("<script>.example")]
    public void R8_another_character_is_refused(string text) => AssertRefused(text);

    [Theory]
    [InlineData("127。0。0。1")]
    [InlineData("\uFF11\uFF12\uFF17.\uFF10.\uFF10.\uFF11")]
    [InlineData("127.0.0.\u0661")]
    [InlineData("①②⑦.⓪.⓪.①")]
    [InlineData("bücher.example")]
    [InlineData("example.com\u200b")]
    [InlineData("\u202eexample.com")]
    [InlineData("ⅼocalhost")]
    [InlineData("ſomehost")]
    [InlineData("\u212Aelvin.example")]
    public void R8_text_beyond_ASCII_is_refused(string text) => AssertRefused(text);

    [Fact]
    public void R8_every_octet_but_letters_digits_hyphen_and_underscore_is_refused()
    {
        IEnumerable<byte> accepted = Enumerable.Range(0, 256).Select(octet => (byte)octet)
            .Where(octet => Destination.TryOfName([(byte)'a', octet, (byte)'z'], 80, out _));
        Assert.Equal("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8, accepted.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("example.com..")]
    [InlineData(".example.com")]
    [InlineData("example..com")]
    [InlineData("127.0.0.1..")]
    public void R6_R7_an_empty_name_or_label_is_refused(string text) => AssertRefused(text);

    [Fact]
    public void R7_a_label_has_at_most_63_characters()
    {
        Assert.True(TryRead($"{new string('a', 63)}.com", out _));
        AssertRefused($"{new string('a', 64)}.com");
        AssertRefused($"www.{new string('a', 64)}");
    }

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    [InlineData(255, false)]
    public void R7_a_name_has_at_most_253_characters(int length, bool accepted)
    {
        string name = string.Concat(Enumerable.Repeat("abcdefghi.", 26))[..(length - 1)] + "z";
        Assert.Equal(accepted, TryRead(name, out _));
        Assert.Equal(accepted, TryRead(name + ".", out Destination absolute));
        Assert.Equal(accepted ? name : null, absolute.HostName);
    }

    private static void AssertRefused(string text) => Assert.False(TryRead(text, out _));

    private static bool TryRead(string text, out Destination destination) =>
        Destination.TryOfName(Encoding.UTF8.GetBytes(text), 80, out destination);
}
