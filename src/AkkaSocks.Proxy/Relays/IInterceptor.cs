using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Relays;

/// <summary>
/// Looks into tunnels. Implemented by the project that knows HTTP beyond CONNECT and TLS towards origins, which this one does not name.
/// </summary>
internal interface IInterceptor
{
    /// <summary>How long a tunnel whose scope its name decides may be silent until it is relayed untouched.</summary>
    TimeSpan Silence { get; }

    /// <summary>Whether a tunnel is to be looked into. Asked on the event loop, before anything of the tunnel was touched.</summary>
    /// <param name="destination">What the client asked for.</param>
    /// <param name="user">Who has logged in, if anybody had to.</param>
    TunnelScope ScopeOf(Destination destination, UserName? user);

    /// <summary>The same of one whose name decides, by what its client has said. Asked on the event loop.</summary>
    /// <param name="destination">What the client asked for.</param>
    /// <param name="said">All that the client has said, at least a byte.</param>
    FirstWords Hear(Destination destination, ReadOnlyMemory<byte> said);

    /// <summary>What would become of a tunnel, as far as its request says. On any thread; nothing is touched.</summary>
    /// <param name="destination">What is asked for.</param>
    /// <param name="user">Who has logged in; null when nobody had to.</param>
    /// <param name="client">Where from; null when that is not known.</param>
    /// <returns>Null while nothing is looked into at all.</returns>
    InterceptForecast? Foresee(Destination destination, UserName? user, IPAddress? client);

    /// <summary>Carries a tunnel to its end, looking into it where that can be done.</summary>
    /// <returns>Completes when both sides are done with; it never fails.</returns>
    Task Carry(InterceptedTunnel tunnel);
}

/// <summary>Whether a tunnel is to be looked into.</summary>
internal enum TunnelScope
{
    /// <summary>It is not.</summary>
    Outside,

    /// <summary>It is, where it is something that can be looked into.</summary>
    Inside,

    /// <summary>It is where TLS asks for a name that is in scope; all that is known is an address.</summary>
    ByName,
}

/// <summary>What a client's first bytes say of the scope of its tunnel.</summary>
/// <param name="Scope"><see cref="TunnelScope.ByName"/> as long as more is needed to tell.</param>
/// <param name="Untouched">Why it is relayed untouched, where it is outside.</param>
/// <param name="ServerName">What TLS asks for; null where that is not known.</param>
internal readonly record struct FirstWords(TunnelScope Scope, InterceptOutcome Untouched, string? ServerName);

/// <summary>What would become of a tunnel.</summary>
/// <param name="Words">In a clause; nothing in it is a client's.</param>
/// <param name="Key">The key of the configuration that decides, name by name.</param>
internal sealed record InterceptForecast(string Words, ImmutableArray<string> Key);

/// <summary>A tunnel to be looked into: both of its connections as pipes, which whoever carries it completes.</summary>
internal sealed record InterceptedTunnel
{
    /// <summary>The session's name, as in the log.</summary>
    public required string Session { get; init; }

    /// <summary>Who the client is.</summary>
    public required IPEndPoint From { get; init; }

    /// <summary>Who has logged in, if anybody had to.</summary>
    public required UserName? User { get; init; }

    /// <summary>What the client asked for.</summary>
    public required Destination Destination { get; init; }

    /// <summary><c>limits.handshake-timeout</c> of the session: for what must be said before anything is exchanged.</summary>
    public required TimeSpan HandshakeTimeout { get; init; }

    /// <summary>The client, nothing of which has been taken yet.</summary>
    public required IDuplexPipe Client { get; init; }

    /// <summary>The destination, which nothing has been said to yet.</summary>
    public required IDuplexPipe Origin { get; init; }

    /// <summary>Cancelled when the client has sent FIN or is gone.</summary>
    public required CancellationToken ClientEnded { get; init; }

    /// <summary>Connects to a destination, that of the tunnel once more or another, by the session's rules; fails with a
    /// <see cref="DialRefusedException"/>.</summary>
    public required Func<Destination, CancellationToken, Task<IDuplexPipe>> Dial { get; init; }

    /// <summary>Ends the client's connection with RST; on any thread.</summary>
    public required Action Reset { get; init; }

    /// <summary>Ends both connections with RST, for a reason that neither side is; on any thread.</summary>
    public required Action<SessionEnd> End { get; init; }

    /// <summary>Takes note of what became of it; the last word counts.</summary>
    public required Action<InterceptOutcome> Note { get; init; }
}
