using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>Tests that measure time, memory or cores: each runs while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
