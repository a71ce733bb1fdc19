using AkkaSocks.Mitm.Capture;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Capture;

public sealed class ReadableBodyTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("6869", "hi")]
    [InlineData("68C3A9", "h\u00e9")]
    [InlineData("68C3", "h")]
    [InlineData("68F09F98", "h")]
    [InlineData("FF", null)]
    [InlineData("FF00", null)]
    [InlineData("C3C3", null)]
    [InlineData("68C328", null)]
    public void Bytes_are_text_when_they_are_UTF8_but_for_a_character_that_is_cut(string bytes, string? text) =>
        Assert.Equal(text, ReadableBody.TextOf(Convert.FromHexString(bytes)));
}
