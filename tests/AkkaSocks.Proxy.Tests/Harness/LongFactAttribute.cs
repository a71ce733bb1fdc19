using Xunit;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A test that takes too long, or too much memory, for every run: with AKKASOCKS_LONG=1.</summary>
public sealed class LongFactAttribute : FactAttribute
{
    public const string TraitName = "Set", TraitValue = "Long";

    public LongFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable("AKKASOCKS_LONG") == "1" ? null : "long; runs with AKKASOCKS_LONG=1";
}
