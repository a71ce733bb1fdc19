using AkkaSocks.Proxy.Telemetry.Actors;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Telemetry.Actors;

public sealed class ActorViewTests
{
    [Fact]
    public void Of_too_many_actors_as_many_are_kept_as_fit_those_first_that_were_shown_first()
    {
        var view = new ActorView([], [Node("/user", [.. Enumerable.Range(0, 1000).Select(i => Node($"/user/{i:0000}", [Node($"/user/{i:0000}/child", [])]))])], IsCut: false);

        var fitting = view.ThatFits();

        Assert.True(fitting.IsCut);
        Assert.InRange(fitting.Roots[0].Shown.Length, 200, 999);
        Assert.Equal("/user/0000", fitting.Roots[0].Shown[0].Path);
        Assert.Equal(1000, fitting.Roots[0].Children);
        Assert.Single(fitting.Roots[0].Shown[0].Shown);
    }

    [Fact]
    public void What_fits_is_left_as_it_is()
    {
        var view = new ActorView([], [Node("/user", [Node("/user/a", [])])], IsCut: false);

        Assert.Same(view, view.ThatFits());
    }

    private static ActorTree.Node Node(string path, ActorTree.Node[] shown) => new(path, "SessionActor", null, 0, null, shown.Length, [.. shown]);
}
