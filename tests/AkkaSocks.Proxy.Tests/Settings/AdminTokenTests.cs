using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings;

public sealed class AdminTokenTests
{
    private const string Token = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

    [Theory]
    [InlineData(Token, true)]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyzABCDEFH", false)]
    [InlineData("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg", false)]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyzABCDEF", false)]
    [InlineData(Token + "m", false)]
    [InlineData(Token + "\0", false)]
    [InlineData("", false)]
    public void Only_the_very_token_matches(string presented, bool matches)
    {
        Assert.Equal(matches, new AdminToken(Token).Matches(presented));
    }

    [Fact]
    public void It_does_not_print_itself()
    {
        Assert.Equal("(secret)", new AdminToken(Token).ToString());
    }
}
