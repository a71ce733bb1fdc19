using Xunit;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>Tests that measure time, memory or descriptors of this process: each runs while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
