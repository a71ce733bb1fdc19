using System.Net;
using AkkaSocks.Proxy.Auth;
using AkkaSocks.Proxy.Auth.Sessions;
using AkkaSocks.Proxy.Telemetry;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

public sealed class SessionListingTests
{
    // Nodes give what they like of their sessions; whoever turns the pages sees each session once, in order, and none is missed.
    [Fact]
    public void Page_by_page_every_session_of_every_node_comes_once_and_in_order() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 5], Gen.Int[1, 6], Gen.Int[1, 6]).Sample((sessions, nodes, count, fits) =>
        {
            var owners = Enumerable.Range(0, sessions).Select(id => (id * 7 % 5) % nodes).ToArray();
            var seen = new List<ulong>();
            AuthRegistry.SessionPage page;
            do
            {
                page = SessionListing.Merge(
                    [.. Enumerable.Range(0, nodes).Select(node => PageOf(owners, node, seen.LastOrDefault(0UL), Math.Min(count, fits)))], count);
                seen.AddRange(page.Items.Select(session => session.Id.Value));
            }
            while (page.HasMore);

            Assert.Equal(Enumerable.Range(1, sessions).Select(id => (ulong)id), seen);
        });

    private static AuthRegistry.SessionPage PageOf(int[] owners, int node, ulong after, int count)
    {
        var behind = Enumerable.Range(1, owners.Length).Where(id => owners[id - 1] == node && (ulong)id > after).ToList();
        return new AuthRegistry.SessionPage([.. behind.Take(count).Select(id => View((ulong)id))], behind.Count > count);
    }

    private static AuthRegistry.SessionView View(ulong id) =>
        new(new SessionId(id), "n", null, new IPEndPoint(IPAddress.Loopback, 1), null, 0, 0, TimeSpan.Zero);
}
