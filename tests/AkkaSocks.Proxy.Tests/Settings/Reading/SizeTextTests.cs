using AkkaSocks.Proxy.Settings.Reading;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings.Reading;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("64KiB", 65_536L)]
    [InlineData("100 MiB", 104_857_600L)]
    [InlineData("1024GiB", 1_099_511_627_776L)]
    [InlineData("unlimited", null)]
    public void A_number_with_a_unit_is_a_size(string text, long? bytes)
    {
        Assert.Null(SizeText.ReadOrUnlimited(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("100MB")]
    [InlineData("63KiB")]
    [InlineData("1025GiB")]
    [InlineData("-1MiB")]
    [InlineData("1.5MiB")]
    [InlineData("99999999999999999999GiB")]
    public void Anything_else_is_none(string text) => Assert.NotNull(SizeText.ReadOrUnlimited(text, out _));
}
