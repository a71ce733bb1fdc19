using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaSocks.Benchmarks.Proxies;

/// <summary>A certificate for whoever terminates TLS in this benchmark, the same for all: ECDSA on P-256.</summary>
internal static class TlsIdentity
{
    /// <summary>Certificate and key in PEM form, one behind the other.</summary>
    public static string NewPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=proxy.test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
