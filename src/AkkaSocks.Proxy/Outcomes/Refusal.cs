using System.Net.Sockets;
using AkkaSocks.Protocol;

namespace AkkaSocks.Proxy.Outcomes;

/// <summary>
/// Why a client was told no: a closed set. Every layer that can refuse names one of these, and this file is the one place
/// where a cause becomes a SOCKS5 reply, an HTTP status and a word in logs and metrics.
/// </summary>
internal enum Refusal : byte
{
    /// <summary>No refusal.</summary>
    None,

    /// <summary>The first byte belongs to no protocol this listener offers.</summary>
    UnknownProtocol,

    /// <summary>The client began without TLS, and the listener takes nothing else.</summary>
    TlsRequired,

    /// <summary>The TLS handshake failed: no TLS, no version or cipher in common, or a certificate that is not accepted.</summary>
    TlsFailed,

    /// <summary><c>limits.max-tls-handshakes</c> was reached.</summary>
    TooManyTlsHandshakes,

    /// <summary>The bytes are not a message that may stand here.</summary>
    MalformedMessage,

    /// <summary>The client offered no method that this listener accepts.</summary>
    NoAcceptableMethod,

    /// <summary>Unknown user or wrong password; deliberately one cause, so that nobody can tell them apart.</summary>
    BadCredentials,

    /// <summary>Password verification is saturated: its bounded queue is full.</summary>
    VerificationBusy,

    /// <summary>The password was right and the user's time is over; to the client the same as
    /// <see cref="BadCredentials"/>.</summary>
    UserExpired,

    /// <summary>The password was right and the user is disabled; to the client the same as
    /// <see cref="BadCredentials"/>.</summary>
    UserDisabled,

    /// <summary>CMD is none that this proxy carries.</summary>
    CommandNotSupported,

    /// <summary>ATYP is none of 01, 03, 04, or names an address family this host cannot reach.</summary>
    AddressTypeNotSupported,

    /// <summary>DST.ADDR is not a name that may be looked up.</summary>
    BadDestinationName,

    /// <summary>DST.PORT is 0.</summary>
    BadDestinationPort,

    /// <summary>The address is loopback, private, link-local, multicast or otherwise special, and not allowed.</summary>
    SpecialPurposeAddress,

    /// <summary>The address is one of this proxy's own listeners.</summary>
    OwnEndpoint,

    /// <summary>The name does not exist, has no address, or its servers failed.</summary>
    NameNotResolved,

    /// <summary>RESOLVE has found addresses, and policy allows none of them; to the client the same as
    /// <see cref="NameNotResolved"/>.</summary>
    AnswerNotAllowed,

    /// <summary>The name's servers did not answer in time.</summary>
    NameLookupTimedOut,

    /// <summary>Too many lookups were waiting already.</summary>
    NameLookupBusy,

    /// <summary>The destination refused the connection.</summary>
    ConnectionRefused,

    /// <summary>No route to the destination's network.</summary>
    NetworkUnreachable,

    /// <summary>The destination's host cannot be reached.</summary>
    HostUnreachable,

    /// <summary>The destination did not answer within <c>limits.connect-timeout</c>.</summary>
    ConnectTimedOut,

    /// <summary>The operating system forbids connecting there.</summary>
    ConnectForbidden,

    /// <summary>Connecting failed for a reason of this host (ports or descriptors used up, or unknown).</summary>
    ConnectFailed,

    /// <summary><c>limits.max-sessions</c> was reached.</summary>
    TooManySessions,

    /// <summary><c>limits.max-sessions-per-address</c> was reached.</summary>
    TooManySessionsFromAddress,

    /// <summary>The node is stopping.</summary>
    NodeStopping,

    /// <summary>The user has as many sessions in the cluster as it may have.</summary>
    TooManySessionsOfUser,

    /// <summary>The user was removed, disabled or changed while it logged in.</summary>
    UserRevoked,

    /// <summary>The user has a session limit, and no node could be asked whether it is reached.</summary>
    RegistryUnavailable,

    /// <summary>The client's address is banned; to who logs in the same as <see cref="BadCredentials"/>.</summary>
    AddressBanned,

    /// <summary>The user is banned, everywhere or at this address; to the client the same as <see cref="BadCredentials"/>.</summary>
    UserBanned,

    /// <summary>The user may not use this command.</summary>
    CommandNotAllowed,

    /// <summary>The user has as many UDP associations on this node as it may have.</summary>
    TooManyAssociationsOfUser,

    /// <summary>No UDP port was to be had: <c>udp.ports</c> are used up, or descriptors.</summary>
    NoDatagramPort,

    /// <summary>BIND named nobody to wait for, and <c>bind.allow-any-peer</c> is off.</summary>
    CallerNotNamed,

    /// <summary>Somebody else has called than the one that BIND named; SOCKS4 only, where that ends it.</summary>
    CallerNotExpected,

    /// <summary>Nobody has called within <c>bind.timeout</c>.</summary>
    BindTimedOut,

    /// <summary>No port was to be had: <c>bind.ports</c> are used up, or descriptors.</summary>
    NoBindPort,

    /// <summary>The sender is none of the listener's <c>proxy-protocol.trusted</c>, and nobody else may connect there.</summary>
    UntrustedProxy,

    /// <summary>A trusted sender began with no PROXY header, or with one that cannot be read.</summary>
    BadProxyHeader,
}

/// <summary>The one table from cause to reply.</summary>
internal static class Refusals
{
    /// <summary>The REP (RFC 1928 §6) that says this cause to a SOCKS5 client whose request was read.</summary>
    /// <remarks>Measured against the kernel's error codes, in network namespaces that produce each.</remarks>
    public static ReplyCode ToReplyCode(this Refusal refusal) => refusal switch
    {
        Refusal.SpecialPurposeAddress or Refusal.OwnEndpoint or Refusal.ConnectForbidden
            or Refusal.TooManySessionsOfUser or Refusal.UserRevoked or Refusal.AddressBanned or Refusal.UserBanned
            or Refusal.CommandNotAllowed or Refusal.TooManyAssociationsOfUser or Refusal.CallerNotNamed
            or Refusal.CallerNotExpected => ReplyCode.NotAllowed,
        Refusal.NetworkUnreachable => ReplyCode.NetworkUnreachable,
        Refusal.HostUnreachable or Refusal.BadDestinationName or Refusal.NameNotResolved or Refusal.AnswerNotAllowed
            or Refusal.NameLookupTimedOut or Refusal.NameLookupBusy => ReplyCode.HostUnreachable,
        Refusal.ConnectionRefused => ReplyCode.ConnectionRefused,
        Refusal.ConnectTimedOut or Refusal.BindTimedOut => ReplyCode.TtlExpired,
        Refusal.CommandNotSupported => ReplyCode.CommandNotSupported,
        Refusal.AddressTypeNotSupported => ReplyCode.AddressTypeNotSupported,
        _ => ReplyCode.GeneralFailure,
    };

    /// <summary>The status (RFC 9110 §15) that says this cause to an HTTP client whose request was read.</summary>
    public static HttpStatus ToHttpStatus(this Refusal refusal) => refusal switch
    {
        Refusal.BadDestinationName or Refusal.BadDestinationPort or Refusal.MalformedMessage => HttpStatus.BadRequest,
        Refusal.CommandNotSupported => HttpStatus.NotImplemented,
        Refusal.TooManySessionsOfUser => HttpStatus.TooManyRequests,
        Refusal.NameLookupTimedOut or Refusal.ConnectTimedOut => HttpStatus.GatewayTimeout,
        Refusal.NameLookupBusy or Refusal.NodeStopping or Refusal.RegistryUnavailable or Refusal.TooManySessions
            or Refusal.TooManySessionsFromAddress => HttpStatus.ServiceUnavailable,
        _ when refusal.ToReplyCode() == ReplyCode.NotAllowed => HttpStatus.Forbidden,
        _ => HttpStatus.BadGateway,
    };

    /// <summary>Somebody could not prove to be who may come in: what programs that watch logs ban addresses for.</summary>
    public static bool IsFailedLogin(this Refusal refusal) => refusal is Refusal.BadCredentials or Refusal.UserExpired or Refusal.UserDisabled
        or Refusal.AddressBanned or Refusal.UserBanned;

    /// <summary>The cause behind a failed connect.</summary>
    /// <param name="error">What the kernel said.</param>
    /// <param name="destinationIsIPv6">The client named an IPv6 address, so a missing family is its choice (REP 08), not ours.</param>
    public static Refusal OfConnect(SocketError error, bool destinationIsIPv6) => error switch
    {
        SocketError.ConnectionRefused => Refusal.ConnectionRefused,
        SocketError.NetworkUnreachable or SocketError.NetworkDown => Refusal.NetworkUnreachable,
        SocketError.HostUnreachable or SocketError.HostDown => Refusal.HostUnreachable,
        SocketError.TimedOut or SocketError.OperationAborted => Refusal.ConnectTimedOut,
        SocketError.AccessDenied => Refusal.ConnectForbidden,
        SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported when destinationIsIPv6
            => Refusal.AddressTypeNotSupported,
        _ => Refusal.ConnectFailed,
    };

    /// <summary>The cause in a log line or a metric label: the name in kebab case.</summary>
    public static string ToLabel(this Refusal refusal) => Labels[(int)refusal];

    /// <summary>The cause of a label; null when there is none of it.</summary>
    public static Refusal? OfLabel(string label) => Array.IndexOf(Labels, label) is var place and >= 0 ? (Refusal)place : null;

    private static readonly string[] Labels = [.. Enum.GetNames<Refusal>().Select(KebabCase.Of)];
}
