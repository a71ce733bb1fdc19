using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>An authority, a server's certificate, and those of clients: files in a folder of the test.</summary>
internal sealed class TlsFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-tls-");
    private readonly X509Certificate2 _authority;

    public TlsFiles()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(Authority, _authority.ExportCertificatePem());
        Server = Issue("proxy.test");
    }

    /// <summary>The authority's certificate.</summary>
    public string Authority => Path("authority.pem");

    /// <summary>The server's certificate and its key.</summary>
    public string Server { get; }

    /// <summary>A listener with TLS; keys may follow.</summary>
    public string ToHocon(string mode, string more = "") =>
        $"akkasocks.listeners.main.tls {{ mode = {mode}, certificate = \"{Server}\", client-ca = \"{Authority}\", {more} }}";

    /// <summary>A certificate and its key, in one file.</summary>
    public string Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(
            _authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        var file = Path($"{name}.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return file;
    }

    /// <summary>A file of that name in the folder.</summary>
    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
