using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Auth.Bans;
using AkkaSocks.Proxy.Auth.Users;
using AkkaSocks.Proxy.Limits;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Sessions;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Auth;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

public sealed class RequestChecksTests
{
    private readonly NodeDrain _drain = new();
    private readonly LoginGuard _guard = new(TestSettings.Default.Auth.Bans, TimeProvider.System);
    private readonly UserRecord _user = new() { Name = TestLogin.Alice, Password = "", Commands = CommandSet.Bind };

    [Fact]
    public void Of_several_objections_the_first_one_counts()
    {
        Assert.Equal(Refusal.None, Objection(Refusal.None, Command.Bind));
        Assert.Equal(Refusal.CommandNotAllowed, Objection(Refusal.None, Command.Connect));
        Assert.Equal(Refusal.TooManySessionsOfUser, Objection(Refusal.TooManySessionsOfUser, Command.Connect));
        _guard.Impose(BanTarget.Of(TestLogin.Alice), null, null);
        Assert.Equal(Refusal.UserBanned, Objection(Refusal.TooManySessionsOfUser, Command.Connect));
        _drain.Begin(DrainCause.Operator);
        Assert.Equal(Refusal.UserBanned, Objection(Refusal.TooManySessionsOfUser, Command.Connect));
        _drain.Close();
        Assert.Equal(Refusal.NodeStopping, Objection(Refusal.TooManySessionsOfUser, Command.Connect));
    }

    [Fact]
    public void Who_has_not_logged_in_is_held_by_bans_of_the_address_alone()
    {
        Assert.Equal(Refusal.None, RequestChecks.Objection(_drain, _guard, null, TestLogin.Client, Refusal.None, Command.Connect));
        _guard.Impose(BanTarget.Of(TestLogin.Client), null, null);
        Assert.Equal(Refusal.AddressBanned, RequestChecks.Objection(_drain, _guard, null, TestLogin.Client, Refusal.None, Command.Connect));
    }

    [Theory]
    [InlineData(Command.Connect, 80, nameof(Refusal.None))]
    [InlineData(Command.Connect, 0, nameof(Refusal.BadDestinationPort))]
    [InlineData(Command.UdpAssociate, 0, nameof(Refusal.None))]
    [InlineData(Command.Bind, 0, nameof(Refusal.CommandNotSupported))]
    [InlineData(Command.Resolve, 0, nameof(Refusal.CommandNotSupported))]
    [InlineData((Command)9, 80, nameof(Refusal.CommandNotSupported))]
    public void What_the_node_does_not_offer_is_not_supported(Command command, ushort port, string expected) => Assert.Equal(
        expected, RequestChecks.Obstacle(TestSettings.Default, command, Destination.OfAddress(IPAddress.Loopback, port)).ToString());

    private Refusal Objection(Refusal admission, Command command) =>
        RequestChecks.Objection(_drain, _guard, _user, TestLogin.Client, admission, command);
}
