using Xunit;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A test that takes minutes, or gigabytes: it runs when AKKASOCKS_LONG_TESTS is set.</summary>
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = Environment.GetEnvironmentVariable("AKKASOCKS_LONG_TESTS") is { Length: > 0 }
        ? null
        : "a long test; set AKKASOCKS_LONG_TESTS=1 to run it";
}
