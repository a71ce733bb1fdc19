using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace AkkaSocks.Proxy.Tests;

/// <summary>Every row of the conformance table about a way in bears the name of a test: where a row is not kept any more, one fails that
/// says which.</summary>
public sealed partial class ConformanceTests
{
    /// <summary>Their letter, and how many there are.</summary>
    [Theory]
    [InlineData('B', 7)] // BIND
    [InlineData('U', 14)] // UDP ASSOCIATE
    [InlineData('F', 7)] // SOCKS4 and 4A
    [InlineData('X', 5)] // Tor's commands and codes, other proxies' commands, the PROXY protocol
    [InlineData('H', 6)] // HTTP
    public void Each_row_has_a_test(char letter, int rows)
    {
        var named = Directory.EnumerateFiles(TestsFolder(), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(file => TestName().Matches(File.ReadAllText(file)))
            .Select(name => name.Groups[1].Value)
            .ToHashSet();

        Assert.Empty(Enumerable.Range(1, rows).Select(row => $"{letter}{row}").Except(named));
    }

    [GeneratedRegex(@"public (?:async )?(?:void|Task) ([A-Z]\d+)_")]
    private static partial Regex TestName();

    private static string TestsFolder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, ".."));
}
