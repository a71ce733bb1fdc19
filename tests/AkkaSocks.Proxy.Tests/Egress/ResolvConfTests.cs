using AkkaSocks.Proxy.Egress;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Egress;

public sealed class ResolvConfTests
{
    private const string Kubernetes = """
        # written by the kubelet
        nameserver 10.96.0.10
        nameserver fd00::a
        search shop.svc.local svc.local local
        options ndots:5 timeout:2 attempts:3 rotate
        """;

    [Fact]
    public void The_file_of_a_pod_is_read()
    {
        var conf = ResolvConf.Parse(Kubernetes);
        Assert.Equal(["10.96.0.10:53", "[fd00::a]:53"], conf.Servers.Select(s => s.ToString()));
        Assert.Equal("shop.svc.local svc.local local", string.Join(' ', conf.Search));
        Assert.Equal((5, 3, TimeSpan.FromSeconds(2)), (conf.NDots, conf.Attempts, conf.Timeout));
    }

    [Fact]
    public void An_empty_file_asks_this_host_for_names_as_they_are()
    {
        var conf = ResolvConf.Parse("");
        Assert.Equal(["127.0.0.1:53"], conf.Servers.Select(s => s.ToString()));
        Assert.Equal(["db"], conf.Candidates("db"));
        Assert.Equal((1, 2, TimeSpan.FromSeconds(5)), (conf.NDots, conf.Attempts, conf.Timeout));
    }

    [Theory]
    [InlineData("db", "db.shop.svc.local db.svc.local db.local db")]
    [InlineData("www.a.com", "www.a.com.shop.svc.local www.a.com.svc.local www.a.com.local www.a.com")]
    [InlineData("a.b.c.d.e.f", "a.b.c.d.e.f a.b.c.d.e.f.shop.svc.local a.b.c.d.e.f.svc.local a.b.c.d.e.f.local")]
    [InlineData("www.example.com.", "www.example.com")]
    public void Names_are_searched_as_ndots_says(string name, string candidates) =>
        Assert.Equal(candidates.Split(' '), ResolvConf.Parse(Kubernetes).Candidates(name));

    [Fact]
    public void A_searched_name_that_would_be_too_long_is_left_out()
    {
        var name = new string('a', 60) + "." + new string('b', 60) + "." + new string('c', 60) + "." + new string('d', 60);
        Assert.Equal([$"{name}.org", name], ResolvConf.Parse("search org too.long.example\noptions ndots:9").Candidates(name));
    }

    [Theory]
    [InlineData("search a\nsearch b c", "b c")]
    [InlineData("domain a", "a")]
    [InlineData("search .", "")]
    [InlineData("search a. b.", "a b")]
    public void The_last_search_list_counts(string text, string search) =>
        Assert.Equal(search, string.Join(' ', ResolvConf.Parse(text).Search));

    [Theory]
    [InlineData("options ndots:99 attempts:99 timeout:99", 15, 5, 30)]
    [InlineData("options ndots:0 attempts:0 timeout:0", 0, 1, 1)]
    [InlineData("options ndots: ndots attempts:x timeout:-1", 1, 2, 5)]
    public void Options_stay_within_their_bounds(string text, int ndots, int attempts, int seconds)
    {
        var conf = ResolvConf.Parse(text);
        Assert.Equal((ndots, attempts, TimeSpan.FromSeconds(seconds)), (conf.NDots, conf.Attempts, conf.Timeout));
    }

    [Fact]
    public void Three_servers_are_used_at_most_and_those_that_are_none_are_passed_over()
    {
        string[] lines =
        [
            "nameserver x", "nameserver 0.0.0.0", "nameserver", "nameserver 1.1.1.1", "nameserver 2.2.2.2", "nameserver 3.3.3.3",
            "nameserver 4.4.4.4",
        ];
        var conf = ResolvConf.Parse(string.Join('\n', lines));
        Assert.Equal("1.1.1.1:53 2.2.2.2:53 3.3.3.3:53", string.Join(' ', conf.Servers));
    }

    [Fact]
    public void Any_text_can_be_read() =>
        Gen.String.Sample(text => !ResolvConf.Parse(text).Servers.IsEmpty);
}
