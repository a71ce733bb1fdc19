using AkkaSocks.Proxy.Telemetry;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry;

public sealed class SessionIdTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        Gen.ULong.Sample(value => SessionId.TryParse(new SessionId(value).ToString(), out var id) && id.Value == value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("000000000000")]
    [InlineData("00000000000000")]
    [InlineData("00000000000O0")]
    [InlineData("000000000000i")]
    [InlineData("000000000000é")]
    [InlineData("g000000000000")]
    public void What_no_id_is_written_as_is_none(string text)
    {
        Assert.False(SessionId.TryParse(text, out _));
    }
}
