using System.Net.Sockets;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Outcomes;

/// <summary>From a cause to what the client is told.</summary>
public sealed class RefusalTests
{
    // Measured: what connecting says when the cause is injected in a network namespace.
    [Theory]
    [InlineData(SocketError.ConnectionRefused, false, 5)]
    [InlineData(SocketError.NetworkUnreachable, false, 3)]
    [InlineData(SocketError.NetworkDown, false, 3)]
    [InlineData(SocketError.HostUnreachable, false, 4)]
    [InlineData(SocketError.HostDown, false, 4)]
    [InlineData(SocketError.TimedOut, false, 6)]
    [InlineData(SocketError.OperationAborted, false, 6)]
    [InlineData(SocketError.AccessDenied, false, 2)]
    [InlineData(SocketError.InvalidArgument, false, 1)]
    [InlineData(SocketError.ProtocolOption, false, 1)]
    [InlineData(SocketError.AddressNotAvailable, false, 1)]
    [InlineData(SocketError.AddressFamilyNotSupported, false, 1)]
    [InlineData(SocketError.AddressNotAvailable, true, 8)]
    [InlineData(SocketError.AddressFamilyNotSupported, true, 8)]
    [InlineData(SocketError.NetworkUnreachable, true, 3)]
    [InlineData(SocketError.ConnectionRefused, true, 5)]
    [InlineData(SocketError.TooManyOpenSockets, false, 1)]
    [InlineData(SocketError.NoBufferSpaceAvailable, false, 1)]
    [InlineData(SocketError.SocketError, false, 1)]
    public void A_failed_connect_is_told_by_its_cause(SocketError error, bool destinationIsIPv6, int reply) =>
        Assert.Equal((ReplyCode)reply, Refusals.OfConnect(error, destinationIsIPv6).ToReplyCode());

    [Fact]
    public void Every_refusal_has_its_reply()
    {
        var byReply = new Dictionary<ReplyCode, Refusal[]>
        {
            [ReplyCode.NotAllowed] =
            [
                Refusal.SpecialPurposeAddress, Refusal.OwnEndpoint, Refusal.ConnectForbidden, Refusal.TooManySessionsOfUser, Refusal.UserRevoked,
                Refusal.AddressBanned, Refusal.UserBanned,
                Refusal.CommandNotAllowed, Refusal.TooManyAssociationsOfUser, Refusal.CallerNotNamed, Refusal.CallerNotExpected,
            ],
            [ReplyCode.NetworkUnreachable] = [Refusal.NetworkUnreachable],
            [ReplyCode.HostUnreachable] =
            [
                Refusal.HostUnreachable, Refusal.BadDestinationName, Refusal.NameNotResolved, Refusal.AnswerNotAllowed,
                Refusal.NameLookupTimedOut, Refusal.NameLookupBusy,
            ],
            [ReplyCode.ConnectionRefused] = [Refusal.ConnectionRefused],
            [ReplyCode.TtlExpired] = [Refusal.ConnectTimedOut, Refusal.BindTimedOut],
            [ReplyCode.CommandNotSupported] = [Refusal.CommandNotSupported],
            [ReplyCode.AddressTypeNotSupported] = [Refusal.AddressTypeNotSupported],
            [ReplyCode.GeneralFailure] =
            [
                Refusal.None, Refusal.UnknownProtocol, Refusal.TlsRequired, Refusal.TlsFailed, Refusal.TooManyTlsHandshakes,
                Refusal.MalformedMessage, Refusal.NoAcceptableMethod,
                Refusal.BadCredentials,
                Refusal.UserExpired, Refusal.UserDisabled,
                Refusal.VerificationBusy, Refusal.BadDestinationPort, Refusal.ConnectFailed, Refusal.TooManySessions,
                Refusal.TooManySessionsFromAddress, Refusal.NodeStopping, Refusal.RegistryUnavailable,
                Refusal.NoDatagramPort, Refusal.NoBindPort, Refusal.UntrustedProxy, Refusal.BadProxyHeader,
            ],
        };
        Assert.Equal(Enum.GetValues<Refusal>(), byReply.Values.SelectMany(it => it).Order());
        Assert.All(byReply, row => Assert.All(row.Value, refusal => Assert.Equal(row.Key, refusal.ToReplyCode())));
    }

    [Fact]
    public void No_refusal_is_told_as_a_success() =>
        Assert.DoesNotContain(Enum.GetValues<Refusal>(), refusal => refusal.ToReplyCode() == ReplyCode.Succeeded);

    [Fact]
    public void X3_no_refusal_is_told_by_a_code_that_speaks_of_onion_services() =>
        Assert.All(Enum.GetValues<Refusal>(), refusal => Assert.InRange((byte)refusal.ToReplyCode(), 0, 8));

    [Fact]
    public void Every_refusal_has_a_label_of_its_own()
    {
        var labels = Enum.GetValues<Refusal>().Select(it => it.ToLabel()).ToList();
        Assert.All(labels, label => Assert.Matches("^[a-z]+(-[a-z]+)*$", label));
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.Equal("too-many-sessions-from-address", Refusal.TooManySessionsFromAddress.ToLabel());
    }
}
