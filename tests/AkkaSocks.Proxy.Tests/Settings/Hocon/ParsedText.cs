using AkkaSocks.Proxy.Settings.Hocon;

namespace AkkaSocks.Proxy.Tests.Settings.Hocon;

/// <summary>A text parsed and resolved: its plainest form, or what was wrong with it.</summary>
internal static class ParsedText
{
    /// <summary>The tree on one line without blanks at ends, <c>"a" = "1"; "b" = { … }</c>.</summary>
    public static string Tree(string text, params (string Name, string Value)[] environment)
    {
        var (tree, problems) = Parse(text, environment);
        Xunit.Assert.Empty(problems);
        return HoconWriter.Write(tree!).Trim().Replace("{\n}", "{}").Replace("\n}", " }").Replace("{\n", "{ ").Replace("\n", "; ");
    }

    public static string[] Problems(string text, params (string Name, string Value)[] environment) => Parse(text, environment).Problems;

    private static (HoconObject? Tree, string[] Problems) Parse(string text, (string Name, string Value)[] environment)
    {
        var problems = new ProblemList();
        var context = new HoconParserContext(environment.ToDictionary(pair => pair.Name, pair => pair.Value), (_, _) => null, problems);
        var tree = HoconParser.ParseDocument("x", text, context);
        var resolved = tree is null ? null : new HoconResolver(tree, problems).Resolve();
        return (resolved, [.. problems.ToImmutable().Select(problem => problem.ToString())]);
    }
}
