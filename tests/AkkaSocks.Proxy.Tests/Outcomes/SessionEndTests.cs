using AkkaSocks.Proxy.Outcomes;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Outcomes;

public sealed class SessionEndTests
{
    [Fact]
    public void Every_end_has_a_label_of_its_own()
    {
        var labels = Enum.GetValues<SessionEnd>().Select(it => it.ToLabel()).ToList();
        Assert.All(labels, label => Assert.Matches("^[a-z]+(-[a-z]+)*$", label));
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.Equal("half-close-timed-out", SessionEnd.HalfCloseTimedOut.ToLabel());
    }
}
