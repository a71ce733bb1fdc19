using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Sessions.Certificates;

/// <summary>What a listener's TLS files held when they were read: immutable, and shared by all handshakes until there is news.</summary>
/// <param name="Chain">The server's certificate with its key, and those between it and its authority.</param>
/// <param name="Authorities">Who signs clients' certificates.</param>
internal sealed record ServerCertificate(SslStreamCertificateContext Chain, X509Certificate2Collection Authorities)
{
    /// <summary>When the server's certificate ends.</summary>
    public DateTimeOffset EndsAt => Chain.TargetCertificate.NotAfter.ToUniversalTime();

    /// <summary>Reads the files.</summary>
    /// <exception cref="CryptographicException">They hold no such thing, or one does not belong to the other.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They are not ours to read.</exception>
    public static ServerCertificate Read(ListenerTlsSettings files)
    {
        // Exported and read again: a key that came from PEM exists in memory only, which TLS on some platforms does not accept.
        using var pem = ReadPem(files);
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        X509Certificate2Collection file = [], authorities = [];
        file.ImportFromPemFile(files.Certificate);
        if (files.ClientAuth != ClientAuth.None)
        {
            authorities.ImportFromPemFile(files.ClientCa);
            if (authorities.Count == 0)
                throw new CryptographicException($"no certificate in {files.ClientCa}");
        }

        // Clients are told whose certificates are wanted. Offline: nothing is fetched on behalf of a certificate.
        var trust = authorities.Count == 0 ? null : SslCertificateTrust.CreateForX509Collection(authorities, sendTrustInHandshake: true);
        return new ServerCertificate(SslStreamCertificateContext.Create(certificate, [.. file.Skip(1)], offline: true, trust), authorities);
    }

    private static X509Certificate2 ReadPem(ListenerTlsSettings files)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        }
        catch (ArgumentException mismatch)
        {
            // What the framework calls a key that is not the certificate's.
            throw new CryptographicException(mismatch.Message, mismatch);
        }
    }
}
