using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Mitm.Handing;
using AkkaSocks.Mitm.Sniffing;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AkkaSocks.Mitm.Interception;

/// <summary>One tunnel on its way: what it is, whether it is opened, and who carries it then.</summary>
/// <remarks>
/// <code>
/// first bytes ─┬─ HTTP ────────────────────────────────────────────────────────────► exchanges
///              ├─ TLS ── in scope, not pinned ── TLS with the origin ── with the client ┴─► exchanges, or relayed inside TLS
///              └─ anything else, silence, the server first ───────────────────────► relayed untouched, or reset
/// </code>
/// Relayed is relayed through the flows that match (<c>mitm.raw-flows</c>), as without interception; untouched is as far as that.
/// Of the client nothing is taken before TLS with its origin stands, so until then it can still be relayed untouched.
/// </remarks>
internal sealed class TunnelCourse(InterceptedTunnel tunnel, InterceptWiring wiring)
{
    // Whoever refuses a certificate without a word does it at once; a connection made for later is left open for longer.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private readonly Learner _who = Learner.Of(tunnel.User, tunnel.From.Address);

    /// <summary>Of what cannot be looked into nothing passes. By its address alone a tunnel is not known to be in scope.</summary>
    private bool IsRejected =>
        wiring.Settings.OnUnknown == Unopened.Reject && wiring.Scope.Includes(tunnel.Destination, serverName: null);

    private string Host => tunnel.Destination.HostName ?? tunnel.Destination.Address!.ToString();

    /// <summary>Carries it to its end.</summary>
    public async Task RunAsync()
    {
        var finding = await wiring.Sniffer.LookAsync(tunnel.Client.Input, tunnel.Origin.Input, tunnel.HandshakeTimeout)
            .ConfigureAwait(false);
        if (finding is { Spoken: Spoken.Tls, Hello: { } hello })
            await OpenAsync(hello).ConfigureAwait(false);
        else if (finding.Spoken is not (Spoken.Http1 or Spoken.Http2))
            await (IsRejected ? Reject(finding.Otherwise) : RelayAsync(finding.Otherwise)).ConfigureAwait(false);
        else if (!wiring.Scope.Includes(tunnel.Destination, serverName: null))
            await RelayAsync(InterceptOutcome.OutOfScope).ConfigureAwait(false);
        else if (await IsEngineUpAsync().ConfigureAwait(false))
            await ExchangeAsync(finding.Spoken).ConfigureAwait(false);
    }

    private async Task ExchangeAsync(Spoken spoken)
    {
        tunnel.Note(InterceptOutcome.Http);
        using var origins = new OriginConnections(tunnel, wiring.OriginTls, Host, new PipeStream(tunnel.Origin));
        var isHttp2 = spoken == Spoken.Http2;
        await using var connection = new HandedConnection(tunnel.Session, tunnel.Client, tunnel.Reset);
        connection.Features.Set(Session(isTls: false, origins, isHttp2));
        await ServeAsync(connection, isHttp2, mayHalfClose: !isHttp2).ConfigureAwait(false);
    }

    private async Task OpenAsync(ClientHello hello)
    {
        var name = hello.ServerName ?? Host;
        if (!wiring.Scope.Includes(tunnel.Destination, hello.ServerName))
        {
            await RelayAsync(InterceptOutcome.OutOfScope, hello.ServerName).ConfigureAwait(false);
        }
        else if (wiring.Memory.Find(_who, name) is { } lesson)
        {
            await RelayAsync(lesson.Reason, hello.ServerName).ConfigureAwait(false);
        }
        else if (await IsEngineUpAsync().ConfigureAwait(false))
        {
            wiring.KeyLog?.Expect(hello.Random);
            var origin = await wiring.OriginTls.ConnectAsync(
                tunnel.Origin, name, Mirrored(hello.Protocols), tunnel.HandshakeTimeout, CancellationToken.None).ConfigureAwait(false);
            using var certificate = origin.Certificate;
            await using var stream = origin.Stream;
            if (origin.WantsCertificate)
                await PassThroughAsync(name, InterceptOutcome.ClientCertificate, stream).ConfigureAwait(false);
            else if (stream is null)
                await ExplainAsync(hello, name, origin).ConfigureAwait(false);
            else
                await OpenAsync(name, origin, stream).ConfigureAwait(false);
        }
    }

    private async Task OpenAsync(string name, OriginHandshake origin, SslStream stream)
    {
        if (await AcceptAsync(name, wiring.Leaves.For(name, origin.Certificate), origin.Protocol).ConfigureAwait(false) is not { } client)
            return;
        var isHttp2 = origin.Protocol == SslApplicationProtocol.Http2;
        if (!IsHttp(origin.Protocol))
        {
            // Without a word on what is spoken it shows by the client's first bytes, as outside. Only the client's: what a server says
            // on its own account at first is TLS's.
            var inside = origin.Protocol == default
                ? (await wiring.Sniffer.LookAsync(client.Input, server: null, tunnel.HandshakeTimeout).ConfigureAwait(false)).Spoken
                : Spoken.Other;
            isHttp2 = inside == Spoken.Http2;
            if (inside is not (Spoken.Http1 or Spoken.Http2))
            {
                if (wiring.Settings.OnUnknown == Unopened.Reject)
                {
                    await Reject(InterceptOutcome.TlsWithoutHttp).ConfigureAwait(false);
                    return;
                }

                tunnel.Note(InterceptOutcome.TlsWithoutHttp);
                await wiring.Relay.CarryAsync(tunnel, client, new RelayEnd(tunnel.Origin, stream), name).ConfigureAwait(false);
                return;
            }
        }

        using var origins = new OriginConnections(tunnel, wiring.OriginTls, name, stream);
        await ServeAsync(client, isHttp2, features => features.Set(Session(isTls: true, origins, isHttp2))).ConfigureAwait(false);
    }

    /// <summary>The origin is not shown to be who it must be, or nobody: that is never hidden behind a certificate of ours.</summary>
    private async Task ExplainAsync(ClientHello hello, string name, OriginHandshake origin)
    {
        var outcome = origin.Distrust is null ? InterceptOutcome.OriginTlsFailed : InterceptOutcome.OriginUntrusted;
        tunnel.Note(outcome);
        switch (wiring.Settings.Origins.OnInvalidCertificate)
        {
            case InvalidCertificate.PassThrough:
                await PassThroughAsync(name, outcome, stream: null).ConfigureAwait(false);
                break;
            case InvalidCertificate.Reset:
                tunnel.Reset();
                break;
            default:
                var protocol = hello.Protocols.FirstOrDefault(IsHttp);
                if (await AcceptAsync(name, wiring.Leaves.For(name, origin: null), protocol).ConfigureAwait(false) is { } client)
                {
                    var text = origin.Distrust is { } distrust
                        ? $"the certificate of {name} is not valid: {distrust}"
                        : $"no TLS with {name}: {origin.Failure}";
                    tunnel.Note(outcome);
                    await ServeAsync(
                        client, protocol == SslApplicationProtocol.Http2, features => features.Set(new OriginFault("upstream-tls", text)))
                        .ConfigureAwait(false);
                }

                break;
        }
    }

    /// <summary>TLS with the client.</summary>
    /// <returns>Null when it came to nothing.</returns>
    private async Task<RelayEnd?> AcceptAsync(string name, SslStreamCertificateContext leaf, SslApplicationProtocol protocol)
    {
        var (stream, outcome) = await ClientTls.AcceptAsync(tunnel.Client, leaf, protocol, tunnel.HandshakeTimeout).ConfigureAwait(false);
        var since = Stopwatch.GetTimestamp();
        var client = stream is null ? null : new RelayEnd(tunnel.Client, stream);
        if (client is not null && IsHttp(protocol) && await EndOf(client).ConfigureAwait(false) is { } end)
        {
            outcome = end == InterceptOutcome.ClientSilent && Stopwatch.GetElapsedTime(since) > AtOnce ? InterceptOutcome.Https : end;
            await stream!.DisposeAsync().ConfigureAwait(false);
            client = null;
        }

        tunnel.Note(outcome);
        wiring.Memory.Learn(_who, name, outcome);
        return client;
    }

    /// <summary>Waits for the client's first word, which it takes nothing of.</summary>
    /// <returns>Null when there is one; else how it ended.</returns>
    private static async Task<InterceptOutcome?> EndOf(RelayEnd client)
    {
        try
        {
            var read = await client.Input.ReadAsync().ConfigureAwait(false);
            client.Input.AdvanceTo(read.Buffer.Start);
            return read.Buffer.IsEmpty ? InterceptOutcome.ClientSilent : null;
        }
        catch (Exception cause) when (TunnelEnds.IsOfTheNetwork(cause))
        {
            return ClientTls.IsDistrust(cause) ? InterceptOutcome.ClientRefused : InterceptOutcome.ClientSilent;
        }
    }

    private async Task ServeAsync(RelayEnd client, bool isHttp2, Action<IFeatureCollection> equip)
    {
        await using var connection = new HandedConnection(tunnel.Session, client, tunnel.Reset);
        var inside = new InsideTls(isHttp2);
        connection.Features.Set<ITlsConnectionFeature>(inside);
        connection.Features.Set<ITlsApplicationProtocolFeature>(inside);
        equip(connection.Features);
        await ServeAsync(connection, isHttp2, mayHalfClose: false).ConfigureAwait(false);
        await client.FinishAsync().ConfigureAwait(false);
    }

    /// <summary>Serves a connection until it ends. A client that has sent FIN is gone, except where it may yet wait for an answer.</summary>
    private async Task ServeAsync(HandedConnection connection, bool isHttp2, bool mayHalfClose)
    {
        await using var ended = mayHalfClose
            ? default
            : tunnel.ClientEnded.UnsafeRegister(static connection => ((HandedConnection)connection!).Close(), connection);
        await wiring.Server.ServeAsync(connection, isHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1).ConfigureAwait(false);
    }

    private InterceptedSession Session(bool isTls, OriginConnections origins, bool isHttp2)
    {
        wiring.Figures.Count(isTls, isHttp2);
        return new InterceptedSession(
            tunnel.Session,
            tunnel.From,
            tunnel.User,
            tunnel.Destination,
            isTls,
            origins.Invoker,
            isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11);
    }

    /// <summary>By another connection: this one has heard from us already.</summary>
    private async Task PassThroughAsync(string name, InterceptOutcome outcome, SslStream? stream)
    {
        tunnel.Note(outcome);
        wiring.Memory.Learn(_who, name, outcome);
        if (stream is not null)
            await stream.DisposeAsync().ConfigureAwait(false);
        var origin = await tunnel.Dial(tunnel.Destination, CancellationToken.None).ConfigureAwait(false);
        await wiring.Relay.CarryAsync(tunnel, new RelayEnd(tunnel.Client), new RelayEnd(origin), name).ConfigureAwait(false);
    }

    private Task RelayAsync(InterceptOutcome outcome, string? serverName = null)
    {
        tunnel.Note(outcome);
        return wiring.Relay.CarryAsync(tunnel, new RelayEnd(tunnel.Client), new RelayEnd(tunnel.Origin), serverName);
    }

    private Task Reject(InterceptOutcome outcome)
    {
        tunnel.Note(outcome);
        tunnel.Reset();
        return Task.CompletedTask;
    }

    private async Task<bool> IsEngineUpAsync()
    {
        try
        {
            await wiring.Server.EnsureRunningAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception defect)
        {
            wiring.Report(defect);
            if (wiring.Settings.OnEngineFailure == Unopened.Relay)
            {
                await RelayAsync(InterceptOutcome.EngineFailed).ConfigureAwait(false);
                return false;
            }

            await Reject(InterceptOutcome.EngineFailed).ConfigureAwait(false);
            return false;
        }
    }

    private static bool IsHttp(SslApplicationProtocol protocol) =>
        protocol == SslApplicationProtocol.Http2 || protocol == SslApplicationProtocol.Http11;

    /// <summary>What the client can speak, so that the origin chooses as it would; but HTTP/1.0, which few origins know, and which some
    /// clients offer alone.</summary>
    private static ImmutableArray<SslApplicationProtocol> Mirrored(ImmutableArray<SslApplicationProtocol> protocols) =>
        [.. protocols.Where(protocol => !protocol.Protocol.Span.SequenceEqual("http/1.0"u8))];
}
