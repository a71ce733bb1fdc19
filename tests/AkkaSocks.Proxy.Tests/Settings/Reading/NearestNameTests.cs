using AkkaSocks.Proxy.Settings.Reading;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Settings.Reading;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("idel-timeout", "idle-timeout")]
    [InlineData("timeout", null)]
    [InlineData("half-close-timout", "half-close-timeout")]
    [InlineData("egine", "engine")]
    [InlineData("negine", "engine")]
    [InlineData("ttk", "ttl")]
    [InlineData("tlt", null)]
    [InlineData("x", null)]
    public void The_name_with_the_fewest_edits_is_meant_if_they_are_few(string name, string? meant)
    {
        Assert.Equal(meant, NearestName.Of(name, ["engine", "idle-timeout", "half-close-timeout", "ttl"]));
    }
}
