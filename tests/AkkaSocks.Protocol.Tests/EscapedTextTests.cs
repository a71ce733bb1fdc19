using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace AkkaSocks.Protocol.Tests;

public class EscapedTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("alice", "alice")]
    [InlineData("!~", "!~")]
    [InlineData("a b", @"a\x20b")]
    [InlineData(@"a\b", @"a\\b")]
    [InlineData(@"\x41", @"\\x41")]
    [InlineData("a\r\n2026 INFO login ok user=root", @"a\x0d\x0a2026\x20INFO\x20login\x20ok\x20user=root")]
    [InlineData("\u001b[2J\u007f\0", @"\x1b[2J\x7f\x00")]
    [InlineData("\u202eé", @"\xe2\x80\xae\xc3\xa9")]
    public void S12_only_printable_ASCII_stays(string text, string escaped)
    {
        Assert.Equal(escaped, EscapedText.Of(text));
        Assert.Equal(escaped, EscapedText.Of(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void S12_what_exceeds_255_bytes_is_cut()
    {
        string longest = new('a', 255);
        Assert.Equal(longest, EscapedText.Of(longest));
        Assert.Equal(longest + "...", EscapedText.Of(longest + "b"));
        Assert.Equal(longest + "...", EscapedText.Of(new string('a', 1_000_000)));
        byte[] raw = [.. Enumerable.Repeat((byte)0xFF, 256)];
        Assert.Equal(string.Concat(Enumerable.Repeat(@"\xff", 255)) + "...", EscapedText.Of(raw));
        Assert.Equal(string.Concat(Enumerable.Repeat(@"\xc3\xa9", 127)) + @"\xc3...", EscapedText.Of(new string('é', 128)));
    }

    [Fact]
    public void S12_text_and_its_bytes_are_shown_alike() =>
        Gen.String[0, 300].Sample(
            text => Assert.Equal(EscapedText.Of(Encoding.UTF8.GetBytes(text)), EscapedText.Of(text)), iter: 100_000);

    [Fact]
    public void S12_different_bytes_never_look_alike() =>
        Gen.Byte.Array[0, 40].Sample(
            bytes =>
            {
                string escaped = EscapedText.Of(bytes);
                Assert.DoesNotContain(escaped, c => c is < '!' or > '~');
                Assert.Equal(bytes, Unescape(escaped));
            },
            iter: 100_000);

    private static byte[] Unescape(string text) =>
        Encoding.Latin1.GetBytes(Regex.Replace(text, @"\\(\\|x..)", match =>
            match.Value == @"\\" ? @"\" : ((char)Convert.ToByte(match.Value[2..], 16)).ToString()));
}
