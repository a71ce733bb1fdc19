using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>
/// Mutual TLS between nodes. Both sides show a certificate, and both must be signed by our own authority: what the operating
/// system trusts does not matter. Names in certificates are not compared, since an authority that signs nodes signs nothing else.
/// </summary>
internal sealed class ClusterTls
{
    private readonly X509Certificate2Collection _authorities = [];

    /// <summary>Reads the files.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">They hold no such thing.</exception>
    public ClusterTls(ClusterTlsSettings settings)
    {
        // Exported and read again: a key that came from PEM exists in memory only, which TLS on some platforms does not accept.
        using var pem = X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key);
        Certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        _authorities.ImportFromPemFile(settings.Ca);
    }

    /// <summary>This node's certificate with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What Akka's transport needs. Files named in its configuration would have to be PFX and trusted by the system.</summary>
    public DotNettySslSetup Setup() => new(Certificate, false, true, Accepts);

    /// <summary>Whether our authority has signed a certificate, and it is in its time.</summary>
    public bool IsSigned(X509Certificate2 certificate, out string problems)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        var isSigned = chain.Build(certificate);
        problems = string.Join(", ", chain.ChainStatus.Select(it => it.Status));
        return isSigned;
    }

    private bool Accepts(X509Certificate2? certificate, X509Chain? chain, string peer, SslPolicyErrors errors, ILoggingAdapter log)
    {
        if (certificate is null)
        {
            log.Warning("{0} wants to speak as a node and shows no certificate.", peer);
            return false;
        }

        if (IsSigned(certificate, out var problems))
            return true;
        log.Warning("{0} wants to speak as a node with a certificate that is refused: {1} ({2}).", peer, certificate.Subject, problems);
        return false;
    }
}
