using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings.Hocon;

public sealed class HoconParserTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a = 1", "\"a\" = \"1\"")]
    [InlineData("{ a : 1 }\n# end", "\"a\" = \"1\"")]
    [InlineData("a.b = 1\na { c = 2 }", "\"a\" = { \"b\" = \"1\"; \"c\" = \"2\" }")]
    [InlineData("a { b = 1 }, c = 2", "\"a\" = { \"b\" = \"1\" }; \"c\" = \"2\"")]
    [InlineData("a { b = 1, }\r\n c = 2 // d = 3", "\"a\" = { \"b\" = \"1\" }; \"c\" = \"2\"")]
    [InlineData("a = 1\na = 2", "\"a\" = \"2\"")]
    [InlineData("a = x  y \t # z", "\"a\" = \"x  y\"")]
    [InlineData("a = /etc/hosts", "\"a\" = \"/etc/hosts\"")]
    [InlineData("a = 10.0.0.0/8", "\"a\" = \"10.0.0.0/8\"")]
    [InlineData("a = [1, 2\n 3,\n # four\n 5 ,]", "\"a\" = [\"1\", \"2\", \"3\", \"5\"]")]
    [InlineData("a = [{ b = 1 }, [c]]", "\"a\" = [{ \"b\" = \"1\" }, [\"c\"]]")]
    [InlineData("\"a.b\".c = \"#\\\"\\u0041\\t\"", "\"a.b\" = { \"c\" = \"#\\\"A\\t\" }")]
    [InlineData("a = \"\"\"x\\\n\"y\"\"\"", "\"a\" = \"x\\\\\\n\\\"y\"")]
    [InlineData("a = \"x\" y \"z\"", "\"a\" = \"x y z\"")]
    [InlineData("a = null", "\"a\" = null")]
    [InlineData("a = \"null\"", "\"a\" = \"null\"")]
    [InlineData("a = { b = 1 } { c = 2 }", "\"a\" = { \"b\" = \"1\"; \"c\" = \"2\" }")]
    [InlineData("a = [1] [2]", "\"a\" = [\"1\", \"2\"]")]
    [InlineData("include = 1", "\"include\" = \"1\"")]
    public void Hocon_is_read(string text, string tree)
    {
        Assert.Equal(tree, ParsedText.Tree(text));
    }

    [Theory]
    [InlineData("a = 1\nb {\n c = 2\n", "x:2: b: the { opened on this line is never closed")]
    [InlineData("a = 1 }", "x:1: this } closes nothing")]
    [InlineData("{ a = 1 } b", "x:1: 'b' after the closing }")]
    [InlineData("a = 1\n\n= 2", "x:3: expected a key, found '='")]
    [InlineData("a { ] }", "x:1: a: expected a key, found ']'")]
    [InlineData("a.. = 1", "x:1: expected a key, found '.'")]
    [InlineData("a b = 1", "x:1: a: expected = or { after the key, found 'b'")]
    [InlineData("a\n= 1", "x:1: a: expected = or { after the key, found the end of the line")]
    [InlineData("a", "x:1: a: expected = or { after the key, found the end of the file")]
    [InlineData("a =\nb = 1", "x:1: a: a value is missing; it must begin on the line of its key")]
    [InlineData("a += 1", "x:1: a: += is not supported; write the whole list")]
    [InlineData("a = 127.0.0.1:1080", "x:1: a: ':' must stand in quotes, as in \"127.0.0.1:1080\"")]
    [InlineData("a = $b", "x:1: a: '$' must stand in quotes, as in \"127.0.0.1:1080\"")]
    [InlineData("a = \u001b[0m", "x:1: a: the [ opened on this line is never closed")]
    [InlineData("a = \"b\nc\"", "x:1: a: the quote opened on this line is not closed on it")]
    [InlineData("a = \"b\\x\"", "x:1: a: \"\\\\x\" is no escape; write \\\\ for a backslash")]
    [InlineData("a = \"\\u12\"", "x:1: a: \\u needs four hexadecimal digits")]
    [InlineData("\na = \"\"\"b\n\n", "x:2: a: the \"\"\" opened on this line is never closed")]
    [InlineData("a = [1\n2", "x:1: a: the [ opened on this line is never closed")]
    [InlineData("a = ${b", "x:1: a: the ${ opened on this line is not closed on it")]
    [InlineData("a = ${b c}", "x:1: a: expected ${NAME} or ${path.to.key}")]
    [InlineData("a = ${?b}", "x:1: a: only a NAME in capitals, from the environment, may be optional or have a default")]
    public void What_is_no_hocon_is_told_with_its_line(string text, string problem)
    {
        Assert.Equal([problem], ParsedText.Problems(text));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('.')]
    public void Nesting_is_bounded(char kind)
    {
        var text = kind switch
        {
            '[' => "a = " + new string('[', 100_000),
            '{' => string.Concat(Enumerable.Repeat("a {", 100_000)),
            _ => string.Concat(Enumerable.Repeat("a.", 100_000)) + "a = 1",
        };

        Assert.Contains("nested deeper than 64 levels", Assert.Single(ParsedText.Problems(text)));
    }

    [Theory]
    [InlineData("a = ${NAME}", "\"a\" = \"x y\"")]
    [InlineData("a = b-${NAME}\"}\"", "\"a\" = \"b-x y}\"")]
    [InlineData("a = [${NAME}, ${?NONE}, 1]", "\"a\" = [\"x y\", \"1\"]")]
    [InlineData("a = 1\na = ${?NONE}", "\"a\" = \"1\"")]
    [InlineData("a = 1\na = ${?NAME}", "\"a\" = \"x y\"")]
    [InlineData("a = b ${?NONE}, c = 1", "\"c\" = \"1\"")]
    [InlineData("a = ${NONE:-b:c ${}", "\"a\" = \"b:c ${\"")]
    [InlineData("a = ${NONE:-}", "\"a\" = \"\"")]
    [InlineData("a = ${EMPTY:-b}, c = ${EMPTY}", "\"a\" = \"b\"; \"c\" = \"\"")]
    [InlineData("a { ${NAME} { b = 1 } }", "\"a\" = { \"x y\" = { \"b\" = \"1\" } }")]
    [InlineData("a { ${?NONE} { b = 1 }, c = 2 }", "\"a\" = { \"c\" = \"2\" }")]
    [InlineData("a = \"${NAME}\" # ${NONE}\n// ${NONE}", "\"a\" = \"${NAME}\"")]
    [InlineData("a = \"\"\"${NONE}\"\"\"", "\"a\" = \"${NONE}\"")]
    public void The_environment_is_put_in_outside_of_quotes_and_comments(string text, string tree)
    {
        Assert.Equal(tree, ParsedText.Tree(text, ("NAME", "x y"), ("EMPTY", "")));
    }

    [Fact]
    public void All_variables_that_are_missing_are_told()
    {
        Assert.Equal(
            ["x:1: a.b: the environment variable B is not set; set it, or write ${B:-text} for a default or ${?B} to leave the key out",
             "x:2: c: the environment variable _C1 is not set; set it, or write ${_C1:-text} for a default or ${?_C1} to leave the key out"],
            ParsedText.Problems("a { b = ${B} }\nc = x ${_C1} y"));
    }
}
