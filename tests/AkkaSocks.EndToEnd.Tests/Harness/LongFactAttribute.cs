using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A test that takes too long for every run: <c>tests/long</c> runs it. Skipped, with their names, where programs are
/// missing that it drives.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute(params string[] tools) =>
        Skip = LongTheoryAttribute.Why ?? Needs.Missing(tools);
}
