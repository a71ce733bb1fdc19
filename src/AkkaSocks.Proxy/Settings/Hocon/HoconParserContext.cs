namespace AkkaSocks.Proxy.Settings.Hocon;

/// <summary>What parsing needs beside the text.</summary>
/// <param name="Environment">Where <c>${NAME}</c> is looked up.</param>
/// <param name="Include">Gives the object of an included file, named as written and where it is included; null when there is a
/// problem with it, which then is on the list.</param>
/// <param name="Problems">Where problems go.</param>
internal sealed record HoconParserContext(
    IReadOnlyDictionary<string, string> Environment,
    Func<string, Origin, HoconObject?> Include,
    ProblemList Problems);
