using AkkaSocks.Mitm.Rules;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Rules;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*.example.test", "a.b.example.test", true)]
    [InlineData("*.example.test", "example.test", false)]
    [InlineData("*.example.test", "a.example.test.evil", false)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXbYbZ", false)]
    [InlineData("**a", "bba", true)]
    [InlineData("Api", "aPI", true)]
    [InlineData("a?c", "abc", false)]
    public void Star_stands_for_any_characters(string pattern, string text, bool matches) =>
        Assert.Equal(matches, new Glob(pattern, ignoreCase: true).IsMatch(text));

    /// <summary>A text that a careless matcher would try 2^n ways with.</summary>
    [Fact]
    public void Many_stars_take_no_time() =>
        Assert.False(new Glob(string.Concat(Enumerable.Repeat("a*", 50)) + "b", ignoreCase: false).IsMatch(new string('a', 20_000)));
}
