using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using AkkaSocks.Mitm.Handing;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Mitm.Interception;

/// <summary>TLS towards a client, with a certificate of ours and what its origin has chosen.</summary>
internal static class ClientTls
{
    // What OpenSSL calls the alerts of whoever does not take a certificate (RFC 8446 §6.2): bad_certificate, certificate_unknown,
    // unknown_ca. Others, and what ends without one, say nothing about trust.
    private static readonly string[] Distrust = ["alert bad certificate", "alert certificate unknown", "alert unknown ca"];

    /// <summary>Does the handshake.</summary>
    /// <param name="pipes">The client, which has sent its ClientHello.</param>
    /// <param name="certificate">What it is shown.</param>
    /// <param name="protocol">What is spoken inside; default for what both know without saying.</param>
    /// <param name="within">How long it may take.</param>
    /// <returns>Inside, or why not.</returns>
    public static async Task<(SslStream? Stream, InterceptOutcome Outcome)> AcceptAsync(
        IDuplexPipe pipes, SslStreamCertificateContext certificate, SslApplicationProtocol protocol, TimeSpan within)
    {
        var tls = new SslStream(new PipeStream(pipes));
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificate,
                    ApplicationProtocols = protocol == default ? null : [protocol],
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    AllowRenegotiation = false,
                },
                deadline.Token).ConfigureAwait(false);
            return (tls, InterceptOutcome.Https);
        }
        catch (Exception cause) when (TunnelEnds.IsOfTheNetwork(cause))
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            return (null, IsDistrust(cause) ? InterceptOutcome.ClientRefused : InterceptOutcome.ClientTlsFailed);
        }
    }

    /// <summary>Whether the client has said that it does not take the certificate.</summary>
    public static bool IsDistrust(Exception cause)
    {
        var words = cause.GetBaseException().Message;
        return Distrust.Any(alert => words.Contains(alert, StringComparison.OrdinalIgnoreCase));
    }
}
