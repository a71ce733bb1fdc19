using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Mitm.Handing;
using AkkaSocks.Mitm.KeyLogging;
using AkkaSocks.Mitm.Sniffing;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Mitm.Interception;

/// <summary>How TLS towards an origin came out.</summary>
internal sealed record OriginHandshake
{
    /// <summary>Inside; null where it failed.</summary>
    public SslStream? Stream { get; init; }

    /// <summary>The protocol that the origin chose; default where it chose none.</summary>
    public SslApplicationProtocol Protocol { get; init; }

    /// <summary>The origin's certificate, where one was shown.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What is wrong with the certificate; null where nothing is.</summary>
    public string? Distrust { get; init; }

    /// <summary>Why there is no TLS, other than for the certificate.</summary>
    public string? Failure { get; init; }

    /// <summary>The origin has asked for a certificate of the client's.</summary>
    public bool WantsCertificate { get; init; }
}

/// <summary>TLS towards origins: 1.2 and 1.3, verified against the system's authorities and those of <c>extra-roots</c>.</summary>
internal sealed class OriginTls
{
    private readonly bool _verify;
    private readonly KeyLog? _keyLog;
    private readonly X509Certificate2Collection _roots = [];

    /// <summary>With the roots of the settings, which the reader has looked at.</summary>
    /// <param name="settings">They.</param>
    /// <param name="keyLog">Where the secrets are written; null for nowhere.</param>
    public OriginTls(MitmOriginSettings settings, KeyLog? keyLog)
    {
        (_verify, _keyLog) = (settings.Verify, keyLog);
        foreach (var file in settings.ExtraRoots)
            _roots.ImportFromPemFile(file);
    }

    /// <summary>Does the handshake. What fails is in what it returns; afterwards the pipes belong to its stream, if there is one.</summary>
    /// <param name="pipes">The connection.</param>
    /// <param name="name">The name that is asked for, and that the certificate must be for.</param>
    /// <param name="protocols">What may be spoken inside.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="cancel">Nobody waits for it any more.</param>
    public async Task<OriginHandshake> ConnectAsync(
        IDuplexPipe pipes, string name, ImmutableArray<SslApplicationProtocol> protocols, TimeSpan within, CancellationToken cancel)
    {
        var seen = new OriginHandshake();
        var tls = new SslStream(new PipeStream(pipes, _keyLog is null ? null : hello => _keyLog.Expect(ClientRandom.OfHello(hello.Span))));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(within);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    ApplicationProtocols = protocols.IsEmpty ? null : [.. protocols],
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    CertificateChainPolicy = NewPolicy(),
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Judge(certificate, chain, errors, ref seen),
                    LocalCertificateSelectionCallback = (_, _, _, remote, _) =>
                    {
                        // Before the handshake it is asked as well; with the origin's certificate in hand it is the origin that asks.
                        if (remote is not null)
                            seen = seen with { WantsCertificate = true };
                        return null!;
                    },
                },
                timeout.Token).ConfigureAwait(false);

            // Now: whoever uses the stream may dispose of it.
            return seen with { Stream = tls, Protocol = tls.NegotiatedApplicationProtocol };
        }
        catch (Exception cause) when (TunnelEnds.IsOfTheNetwork(cause))
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            return seen.Distrust is not null ? seen
                : seen with { Failure = timeout.IsCancellationRequested ? "it did not answer in time" : cause.GetBaseException().Message };
        }
    }

    private bool Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, ref OriginHandshake seen)
    {
        // A copy: the stream's own goes with it.
        var copy = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && copy is not null && IsOfExtraRoots(copy, chain))
            errors &= ~SslPolicyErrors.RemoteCertificateChainErrors;
        var isGood = !_verify || errors == SslPolicyErrors.None;
        seen = seen with { Certificate = copy, Distrust = isGood ? null : Words(chain, errors) };
        return isGood;
    }

    private bool IsOfExtraRoots(X509Certificate2 certificate, X509Chain? presented)
    {
        if (_roots.Count == 0)
            return false;
        using var chain = new X509Chain { ChainPolicy = NewPolicy() };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    // Nothing is fetched on behalf of a certificate that nobody has judged yet.
    private static X509ChainPolicy NewPolicy() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, ApplicationPolicy = { new("1.3.6.1.5.5.7.3.1") },
    };

    private static string Words(X509Chain? chain, SslPolicyErrors errors) => string.Join(", ", Reasons(chain, errors));

    private static IEnumerable<string> Reasons(X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            yield return "none was shown";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            yield return "it is for other names";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            foreach (var status in (chain?.ChainStatus ?? []).Select(it => $"{it.Status}").Distinct())
                yield return status;
        }
    }
}
