using AkkaSocks.Proxy.Telemetry;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry;

public sealed class SessionIdTests
{
    [Fact]
    public void It_is_written_as_thirteen_letters_and_digits_that_nobody_mistakes()
    {
        var source = new SessionId.Source();
        for (var i = 0; i < 1000; i++)
            Assert.Matches("^[0-9abcdefghjkmnpqrstvwxyz]{13}$", source.Next().ToString());
    }

    [Theory]
    [InlineData(0, "0000000000000")]
    [InlineData(31, "000000000000z")]
    [InlineData(32, "0000000000010")]
    [InlineData(ulong.MaxValue, "fzzzzzzzzzzzz")]
    public void It_is_written_in_base_32(ulong value, string text) => Assert.Equal(text, new SessionId(value).ToString());

    [Fact]
    public void No_two_are_the_same_whichever_threads_ask()
    {
        SessionId.Source[] runs = [new(), new(), new()];
        var ids = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 30_000, i => ids.Add(runs[i % runs.Length].Next().ToString()));
        Assert.Equal(30_000, ids.Distinct().Count());
    }

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
