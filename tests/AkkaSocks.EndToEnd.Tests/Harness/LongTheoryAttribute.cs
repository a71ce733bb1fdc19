using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A theory that takes too long for every run: <c>tests/long</c> runs it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongTheoryAttribute : TheoryAttribute
{
    /// <summary>The trait by which <c>tests/long</c> finds them.</summary>
    public const string TraitName = "Set", TraitValue = "Long";

    public LongTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("AKKASOCKS_LONG") != "1")
            Skip = "takes minutes: run tests/long";
    }
}
