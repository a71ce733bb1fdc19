namespace AkkaSocks.Proxy.Outcomes;

/// <summary>What a <see cref="Refusal"/> means to whoever runs the proxy, and what to do about it.</summary>
/// <param name="Words">What happened, in a sentence without its full stop.</param>
/// <param name="Key">The key of the configuration that decides; null where none does.</param>
/// <param name="Mend">What helps, where anything does.</param>
internal sealed record RefusalAdvice(string Words, string? Key = null, string? Mend = null)
{
    /// <summary>Whether others than this proxy said no: it let the request through, and the destination, its name servers or the network
    /// did not.</summary>
    public static bool IsOfOthers(Refusal refusal) => refusal is Refusal.NameNotResolved or Refusal.NameLookupTimedOut
        or Refusal.ConnectionRefused or Refusal.NetworkUnreachable or Refusal.HostUnreachable or Refusal.ConnectTimedOut
        or Refusal.ConnectForbidden or Refusal.ConnectFailed or Refusal.BindTimedOut or Refusal.CallerNotExpected;

    /// <summary>The advice for a label of <see cref="Refusal"/>; of a newer node's, which is not known here, the label itself.</summary>
    public static RefusalAdvice Of(string label) =>
        Refusals.OfLabel(label) is { } refusal ? Of(refusal) : new RefusalAdvice(label);

    /// <summary>The advice. Every refusal has one.</summary>
    public static RefusalAdvice Of(Refusal refusal) => refusal switch
    {
        Refusal.UnknownProtocol => new(
            "the client's first byte begins no protocol that the listener offers", "akkasocks.listener-defaults.protocols",
            "add the protocol to the listener's protocols: socks5, socks4 or http"),
        Refusal.TlsRequired => new(
            "the client began without TLS, and the listener takes nothing else", "akkasocks.listener-defaults.tls.mode",
            "let the client use TLS, or set the listener's tls.mode = optional"),
        Refusal.TlsFailed => new(
            "the TLS handshake failed: no TLS, no version or cipher in common, or a certificate that is not accepted",
            "akkasocks.listener-defaults.tls.mode", "the process log at level debug has TLS's own words"),
        Refusal.TooManyTlsHandshakes => new(
            "as many TLS handshakes were under way as may be", "akkasocks.limits.max-tls-handshakes", "raise the limit, or add a node"),
        Refusal.MalformedMessage => new("the client sent bytes that are no message of its protocol", Mend: "look at the client"),
        Refusal.NoAcceptableMethod => new(
            "the client offers no authentication method that is accepted", "akkasocks.auth.methods",
            "let the client send a user and a password, or add none to auth.methods"),
        Refusal.BadCredentials => new(
            "the user is unknown or its password is wrong; clients are not told which", null,
            "akkasocks user show NAME tells whether there is one; akkasocks user set NAME --password gives another password"),
        Refusal.VerificationBusy => new(
            "more passwords were to be verified than auth.verification allows to wait", "akkasocks.auth.verification.queue",
            "add cores or nodes; a flood of wrong passwords does this too"),
        Refusal.UserExpired => new(
            "the user's time is over", null, "akkasocks user set NAME --expires-at TIME, or never"),
        Refusal.UserDisabled => new("the user is disabled", null, "akkasocks user set NAME --enable"),
        Refusal.CommandNotSupported => new(
            "this node does not carry that command", null, "see udp.enabled, bind.enabled and resolve.enabled"),
        Refusal.AddressTypeNotSupported => new("this host cannot reach that family of addresses", Mend: "give the host an address of the family"),
        Refusal.BadDestinationName => new(
            "the name has characters that names of hosts do not have", Mend: "clients send international names as xn-- labels"),
        Refusal.BadDestinationPort => new("the port is 0", Mend: "look at the client"),
        Refusal.SpecialPurposeAddress => new(
            "the address is not on the public Internet", "akkasocks.egress.special-purpose",
            "add its network to egress.allow"),
        Refusal.OwnEndpoint => new("the address is one of this proxy's own listeners, where no client may get through it"),
        Refusal.NameNotResolved => new(
            "the name does not exist, has no address, or its servers failed", "akkasocks.egress.dns.servers",
            "ask the same servers with dig"),
        Refusal.AnswerNotAllowed => new(
            "RESOLVE found only addresses that are not on the public Internet", "akkasocks.egress.special-purpose",
            "add their network to egress.allow"),
        Refusal.NameLookupTimedOut => new(
            "the name's servers did not answer in time", "akkasocks.egress.dns.timeout", "see whether the servers of egress.dns can be reached"),
        Refusal.NameLookupBusy => new(
            "too many lookups of names were waiting", "akkasocks.egress.dns.max-waiting", "name servers that are nearer, or egress.dns.cache"),
        Refusal.ConnectionRefused => new("the destination refused the connection: nothing listens there"),
        Refusal.NetworkUnreachable => new("this host has no route to the destination", Mend: "look at the host's routes"),
        Refusal.HostUnreachable => new("the destination's host cannot be reached"),
        Refusal.ConnectTimedOut => new(
            "the destination did not answer in time", "akkasocks.limits.connect-timeout", "a firewall on the way drops, or the host is down"),
        Refusal.ConnectForbidden => new("the operating system forbids connecting there", Mend: "look at the host's firewall"),
        Refusal.ConnectFailed => new(
            "connecting failed on this host: ports or descriptors are used up", Mend: "see ulimit -n and net.ipv4.ip_local_port_range"),
        Refusal.TooManySessions => new(
            "the node has as many sessions as it may have", "akkasocks.limits.max-sessions", "raise the limit, or add a node"),
        Refusal.TooManySessionsFromAddress => new(
            "the client's address has as many sessions on this node as it may have", "akkasocks.limits.max-sessions-per-address",
            "raise the limit; many clients behind one address need more"),
        Refusal.NodeStopping => new("the node drains: it lets its sessions end and takes no new ones", null, "another node takes the client"),
        Refusal.TooManySessionsOfUser => new(
            "the user has as many sessions in the cluster as it may have", null,
            "akkasocks user set NAME --max-sessions N, or akkasocks kill --user NAME"),
        Refusal.UserRevoked => new("the user was removed, disabled or changed while it logged in"),
        Refusal.RegistryUnavailable => new(
            "the user has a limit, and no other node could be asked whether it is reached", "akkasocks.auth.on-isolation",
            "akkasocks nodes tells which nodes this one sees; on-isolation = local admits all the same"),
        Refusal.AddressBanned => new(
            "the client's address is banned; clients are told of a failed login", "akkasocks.auth.bans.failures-per-address",
            "akkasocks bans lists bans, akkasocks bans remove ID lifts one"),
        Refusal.UserBanned => new(
            "the user is banned, everywhere or at this address; clients are told of a failed login",
            "akkasocks.auth.bans.failures-per-user", "akkasocks bans lists bans, akkasocks bans remove ID lifts one"),
        Refusal.CommandNotAllowed => new("the user may not use this command", null, "akkasocks user set NAME --commands LIST, or all"),
        Refusal.TooManyAssociationsOfUser => new(
            "the user has as many UDP associations on this node as it may have", "akkasocks.udp.max-associations-per-user", "raise the limit"),
        Refusal.NoDatagramPort => new("no UDP port was to be had", "akkasocks.udp.ports", "widen the range, or see ulimit -n"),
        Refusal.CallerNotNamed => new("BIND named nobody to wait for", "akkasocks.bind.allow-any-peer", "allow-any-peer = on lets it"),
        Refusal.CallerNotExpected => new("somebody else has called than the one that BIND of SOCKS4 named"),
        Refusal.BindTimedOut => new("nobody has called in time", "akkasocks.bind.timeout"),
        Refusal.NoBindPort => new("no port was to be had", "akkasocks.bind.ports", "widen the range, or see ulimit -n"),
        Refusal.UntrustedProxy => new(
            "whoever connected is none of the listener's trusted load balancers", "akkasocks.listener-defaults.proxy-protocol.trusted",
            "add its network to the listener's proxy-protocol.trusted"),
        Refusal.BadProxyHeader => new(
            "a trusted load balancer began with no PROXY header, or with one that cannot be read",
            "akkasocks.listener-defaults.proxy-protocol.mode", "let the load balancer send PROXY protocol v1 or v2, or set mode = optional"),
        _ => new(refusal.ToLabel()),
    };
}
