using System.Net;
using AkkaSocks.Proxy.Rules;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Rules;

public sealed class OwnEndpointsTests
{
    [Theory]
    [InlineData("127.0.0.1:1080", "127.0.0.1", true)]
    [InlineData("127.0.0.1:1080", "::ffff:127.0.0.1", true)]
    [InlineData("127.0.0.1:1080", "127.0.0.2", false)]
    [InlineData("127.0.0.1:1080", "::1", false)]
    [InlineData("127.0.0.1:1080", "192.0.2.2", false)]
    [InlineData("127.0.0.1:1081", "127.0.0.1", false)]
    [InlineData("[::1]:1080", "::1", true)]
    [InlineData("[::1]:1080", "127.0.0.1", false)]
    [InlineData("[::ffff:192.0.2.2]:1080", "192.0.2.2", true)]
    [InlineData("192.0.2.2:1080", "::ffff:192.0.2.2", true)]
    [InlineData("0.0.0.0:1080", "127.0.0.1", true)]
    [InlineData("0.0.0.0:1080", "127.8.9.10", true)]
    [InlineData("0.0.0.0:1080", "192.0.2.2", true)]
    [InlineData("0.0.0.0:1080", "::ffff:192.0.2.2", true)]
    [InlineData("0.0.0.0:1080", "fd00::2", true)]
    [InlineData("0.0.0.0:1080", "0.0.0.0", true)]
    [InlineData("0.0.0.0:1080", "192.0.2.3", false)]
    [InlineData("0.0.0.0:1081", "127.0.0.1", false)]
    [InlineData("[::]:1080", "::1", true)]
    [InlineData("[::]:1080", "127.0.0.1", true)]
    [InlineData("[::]:1080", "fd00::2", true)]
    [InlineData("[::]:1080", "fe80::7", true)]
    [InlineData("[::]:1080", "::", true)]
    [InlineData("[::]:1080", "fd00::3", false)]
    public void A_listener_owns_what_reaches_it(string listener, string address, bool owned)
    {
        var own = Empty();
        own.Add(IPEndPoint.Parse(listener));
        Assert.Equal(owned, own.Contains(IPAddress.Parse(address), 1080));
    }

    [Fact]
    public void An_endpoint_added_twice_is_owned_until_it_is_removed_twice()
    {
        var own = Empty();
        var endpoint = new IPEndPoint(IPAddress.Loopback, 1080);
        own.Add(endpoint);
        own.Add(endpoint);

        own.Remove(endpoint);
        Assert.True(own.Contains(IPAddress.Loopback, 1080));
        own.Remove(endpoint);
        Assert.False(own.Contains(IPAddress.Loopback, 1080));
    }

    [Fact]
    public void Endpoints_added_and_removed_by_many_threads_are_all_counted()
    {
        var own = Empty();
        Parallel.For(1, 500, port =>
        {
            own.Add(new IPEndPoint(IPAddress.Loopback, port));
            if (port % 2 == 0)
                own.Remove(new IPEndPoint(IPAddress.Loopback, port));
        });

        Assert.All(Enumerable.Range(1, 499), port => Assert.Equal(port % 2 == 1, own.Contains(IPAddress.Loopback, port)));
    }

    private static OwnEndpoints Empty() =>
        new(new OwnAddresses(() => new[] { "192.0.2.2", "fd00::2", "fe80::7%3" }.Select(IPAddress.Parse), TimeProvider.System));
}
