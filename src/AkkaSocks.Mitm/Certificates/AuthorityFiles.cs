using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Mitm.Certificates;

/// <summary>The authority on disk: a certificate that everybody may have, and a key that nobody else may read.</summary>
internal static class AuthorityFiles
{
    // Long, since every client must be made to trust it by hand; begun earlier, since clocks differ.
    private const int ValidYears = 10, ValidBeforeDays = 2;

    /// <summary>The files of an authority that stands in a directory.</summary>
    public static (string Certificate, string Key) In(string directory) =>
        (Path.Combine(directory, "ca.pem"), Path.Combine(directory, "ca.key"));

    /// <summary>The files of the authority that is meant.</summary>
    public static (string Certificate, string Key) FilesOf(MitmCaSettings settings) =>
        settings.Certificate.Length > 0 ? (settings.Certificate, settings.Key) : In(settings.Directory);

    /// <summary>Reads the authority, and makes one first where there is none and that is wanted.</summary>
    /// <exception cref="AuthorityUnavailableException">There is none, or it cannot or must not be used.</exception>
    public static X509Certificate2 Open(MitmCaSettings settings)
    {
        var files = FilesOf(settings);
        if (settings.Certificate.Length == 0 && settings.AutoCreate && !File.Exists(files.Certificate) && !File.Exists(files.Key))
            Create(settings.Directory);
        return Read(settings);
    }

    /// <summary>Reads the authority.</summary>
    /// <exception cref="AuthorityUnavailableException">There is none, or it cannot or must not be used.</exception>
    public static X509Certificate2 Read(MitmCaSettings settings)
    {
        var (certificate, key) = FilesOf(settings);
        try
        {
            RefuseIfOthersMay(key);
            if (settings.Certificate.Length == 0)
                RefuseIfOthersMay(settings.Directory);
            var authority = X509Certificate2.CreateFromPemFile(certificate, key);
            if (authority.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true })
                throw new AuthorityUnavailableException($"{certificate} is no certificate of an authority: what it signs nobody accepts");
            return authority;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new AuthorityUnavailableException(e.Message, e);
        }
    }

    /// <summary>Makes an authority in a directory that has none.</summary>
    /// <exception cref="AuthorityUnavailableException">There is one, or it cannot be written.</exception>
    public static void Create(string directory)
    {
        var (certificateFile, keyFile) = In(directory);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(directory);
            else
                Directory.CreateDirectory(directory, OwnersAlone.ReadAndWrite | UnixFileMode.UserExecute);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = SelfSign(key);

            // The key first: where only one of them gets written it is the one that shows.
            Write(keyFile, key.ExportPkcs8PrivateKeyPem(), OwnersAlone.ReadAndWrite);
            Write(
                certificateFile,
                certificate.ExportCertificatePem(),
                OwnersAlone.ReadAndWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuthorityUnavailableException(e.Message, e);
        }
    }

    private static X509Certificate2 SelfSign(ECDsa key)
    {
        // Unlike any other's, so that two of them in one trust store are two.
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName("AkkaSocks");
        name.AddCommonName($"AkkaSocks interception {Convert.ToHexString(RandomNumberGenerator.GetBytes(3))}");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(request.PublicKey, X509SubjectKeyIdentifierHashAlgorithm.Sha256, false));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-ValidBeforeDays), now.AddYears(ValidYears));
    }

    private static void Write(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(text + "\n"));
    }

    private static void RefuseIfOthersMay(string path)
    {
        if (!OperatingSystem.IsWindows() && OwnersAlone.Violation(File.GetUnixFileMode(path)) is { } mode)
        {
            throw new AuthorityUnavailableException(
                $"others than its owner may use {path} ({mode}); whoever has that key can read everybody's traffic. chmod go= {path}");
        }
    }
}
