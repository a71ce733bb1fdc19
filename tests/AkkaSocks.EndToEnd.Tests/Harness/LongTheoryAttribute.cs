using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A theory that takes too long for every run: <c>tests/long</c> runs it. Skipped, with their names, where programs are
/// missing that it drives.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongTheoryAttribute : TheoryAttribute
{
    /// <summary>The trait by which <c>tests/long</c> finds them.</summary>
    public const string TraitName = "Set", TraitValue = "Long";

    public LongTheoryAttribute(params string[] tools) => Skip = Why ?? Needs.Missing(tools);

    /// <summary>Why long tests are skipped; null when they are not.</summary>
    public static string? Why { get; } =
        Environment.GetEnvironmentVariable("AKKASOCKS_LONG") == "1" ? null : "takes minutes: run tests/long";
}
