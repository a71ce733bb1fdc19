using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Sessions;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Auth.Sessions;

public sealed class UserOwnerTests
{
    private static readonly NodeIncarnation[] Nodes = [.. Enumerable.Range(0, 5).Select(LedgerNetwork.Node)];
    private static readonly UserName[] Users = [.. Enumerable.Range(0, 10_000).Select(i => UserName.FromText($"user-{i}"))];

    [Fact]
    public void The_order_in_which_nodes_are_known_does_not_matter()
    {
        Assert.All(Users.Take(200), user => Assert.Equal(UserOwner.Of(user, Nodes, []), UserOwner.Of(user, Nodes.Reverse(), [])));
    }

    [Fact]
    public void Every_node_owns_about_as_many_users()
    {
        var shares = Users.CountBy(user => UserOwner.Of(user, Nodes, [])!.Value).Select(share => share.Value).ToList();
        Assert.Equal(Nodes.Length, shares.Count);
        Assert.All(shares, share => Assert.InRange(share, 1_800, 2_200));
    }

    [Fact]
    public void A_node_that_leaves_hands_over_its_own_users_and_no_others()
    {
        foreach (var user in Users)
        {
            var (before, after) = (UserOwner.Of(user, Nodes, []), UserOwner.Of(user, Nodes[1..], []));
            Assert.True(before == after || before == Nodes[0]);
        }
    }

    [Fact]
    public void To_skip_a_node_is_the_same_as_its_not_being_there()
    {
        Assert.All(Users.Take(200), user => Assert.Equal(UserOwner.Of(user, Nodes[2..], []), UserOwner.Of(user, Nodes, Nodes[..2])));
    }

    [Fact]
    public void Nobody_is_left_when_all_are_skipped()
    {
        Assert.Null(UserOwner.Of(Users[0], Nodes, Nodes));
    }

    [Fact]
    public void Nodes_of_every_version_agree()
    {
        // Written down once: a node that computes otherwise disagrees with all others about who decides.
        Assert.Equal("01320", string.Concat(Users.Take(5).Select(user => Array.IndexOf(Nodes, UserOwner.Of(user, Nodes, [])!.Value))));
    }
}
