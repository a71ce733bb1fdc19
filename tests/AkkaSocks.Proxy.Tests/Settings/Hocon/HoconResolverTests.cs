using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings.Hocon;

public sealed class HoconResolverTests
{
    [Theory]
    [InlineData("a = ${b.c}, b.c = 1", "\"a\" = \"1\"; \"b\" = { \"c\" = \"1\" }")]
    [InlineData("a = ${b}\nb = 1\nb = 2", "\"a\" = \"2\"; \"b\" = \"2\"")]
    [InlineData("a = ${b.c}, b = ${d}, d { c = 1 }", "\"a\" = \"1\"; \"b\" = { \"c\" = \"1\" }; \"d\" = { \"c\" = \"1\" }")]
    [InlineData("a = ${b} { c = 2 }, b { c = 1, d = 1 }", "\"a\" = { \"c\" = \"2\"; \"d\" = \"1\" }; \"b\" = { \"c\" = \"1\"; \"d\" = \"1\" }")]
    [InlineData("a = ${b}, a { c = 2 }, b { d = 1 }", "\"a\" = { \"d\" = \"1\"; \"c\" = \"2\" }; \"b\" = { \"d\" = \"1\" }")]
    [InlineData("a { c = 2 }, a = ${b}, b = 1", "\"a\" = \"1\"; \"b\" = \"1\"")]
    [InlineData("a = [0] ${b}, b = [1]", "\"a\" = [\"0\", \"1\"]; \"b\" = [\"1\"]")]
    public void References_see_the_value_that_won(string text, string tree)
    {
        Assert.Equal(tree, ParsedText.Tree(text));
    }

    [Theory]
    [InlineData("a = ${b}\nb = ${a}", "refers to itself")]
    [InlineData("a { b = ${a} }", "refers to itself")]
    [InlineData("a = ${b.c.d}, b.c = 1", "is no key of this configuration")]
    [InlineData("a = [1] ${b}, b { c = 1 }", "text, lists and objects cannot be joined with each other")]
    public void A_reference_to_nothing_sensible_is_told_once(string text, string problem)
    {
        Assert.Contains(problem, ParsedText.Problems(text)[0]);
    }

    [Fact]
    public void Growth_is_bounded()
    {
        var doubling = string.Join('\n', Enumerable.Range(0, 40).Select(i => $"a{i} = ${{a{i + 1}}} ${{a{i + 1}}}")) + "\na40 = [1]";

        Assert.Contains(ParsedText.Problems(doubling), problem => problem.Contains("larger than 200000 values", StringComparison.Ordinal));
    }

    [Fact]
    public void Chains_are_bounded()
    {
        var chain = string.Join('\n', Enumerable.Range(0, 2_000).Select(i => $"a{i} = ${{a{i + 1}}}")) + "\na2000 = 1";

        Assert.Contains("a chain of more than 64 references", ParsedText.Problems(chain)[0]);
    }
}
