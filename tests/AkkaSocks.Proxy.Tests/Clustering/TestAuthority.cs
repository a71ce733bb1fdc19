using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Tests.Clustering;

/// <summary>A certificate authority whose files live as long as the test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-tls-");
    private readonly X509Certificate2 _root;

    public TestAuthority(string name = "test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(CaFile, _root.ExportCertificatePem());
    }

    public string CaFile => Path.Combine(_folder.FullName, "ca.crt");

    /// <summary>The files of a new node.</summary>
    public ClusterTlsSettings Sign(string name, int validFromDays = -1, int validToDays = 1)
    {
        var (certificate, key) = Issue(name, $"CN={name}", null, validFromDays, validToDays);
        return new ClusterTlsSettings(certificate, key, CaFile);
    }

    /// <summary>The files of a new certificate.</summary>
    /// <param name="file">What they are called, without an ending: another certificate of the same name takes its place.</param>
    /// <param name="subject">Whose it is.</param>
    /// <param name="names">Its other names.</param>
    /// <param name="validFromDays">From now.</param>
    /// <param name="validToDays">From now.</param>
    public (string Certificate, string Key) Issue(
        string file, string subject, SubjectAlternativeNameBuilder? names = null, int validFromDays = -1, int validToDays = 1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (names is not null)
            request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var certificate = request.Create(
            _root, DateTimeOffset.UtcNow.AddDays(validFromDays), DateTimeOffset.UtcNow.AddDays(validToDays), RandomNumberGenerator.GetBytes(8));
        var (crt, pem) = (Path.Combine(_folder.FullName, $"{file}.crt"), Path.Combine(_folder.FullName, $"{file}.key"));
        File.WriteAllText(crt, certificate.ExportCertificatePem());
        File.WriteAllText(pem, key.ExportPkcs8PrivateKeyPem());
        return (crt, pem);
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }
}
