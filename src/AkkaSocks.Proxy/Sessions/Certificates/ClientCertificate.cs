using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Sessions.Certificates;

/// <summary>
/// What one client shows in its handshake, and what the listener says to that. A resumed session shows the certificate of the
/// handshake that began it, and it is verified anew, since meanwhile its time may be over or the authorities others.
/// </summary>
/// <param name="settings">The listener's.</param>
/// <param name="files">Its files.</param>
internal sealed class ClientCertificate(ListenerTlsSettings settings, CertificateFiles files)
{
    /// <summary>The user that the verified certificate names; null without one.</summary>
    public UserName? Identity { get; private set; }

    /// <summary>What the handshake is done with. May read files, so not for an event loop.</summary>
    public SslServerAuthenticationOptions Terms()
    {
        var certificate = files.Now();
        var terms = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Chain,
            EnabledSslProtocols = settings.MinVersion == TlsVersion.Tls13
                ? SslProtocols.Tls13
                : SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            AllowTlsResume = true,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (settings.ClientAuth == ClientAuth.None)
            return terms;

        // With it a client is asked; that it must answer is for the callback to say.
        terms.ClientCertificateRequired = true;
        terms.RemoteCertificateValidationCallback = (_, shown, _, errors) => Accepts(shown, errors);
        terms.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        terms.CertificateChainPolicy.CustomTrustStore.AddRange(certificate.Authorities);
        return terms;
    }

    private bool Accepts(X509Certificate? shown, SslPolicyErrors errors)
    {
        if (shown is not X509Certificate2 certificate)
            return settings.ClientAuth == ClientAuth.Request;
        if (errors != SslPolicyErrors.None)
            return false;
        Identity = ClientIdentity.Of(certificate, settings.IdentityFrom);
        return Identity is not null;
    }
}
