using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Whether PEM files hold what TLS needs, tried at once: a node would otherwise find out when it first meets another one, or a
/// client.</summary>
internal static class PemFiles
{
    private const string NoCertificate = "expected a PEM file with a certificate";
    private const string NoHome = "certificates cannot be verified for a user without a home directory: set HOME, to any directory";

    /// <summary>What is wrong with files of a listener that exist; null when nothing is.</summary>
    /// <returns>The key of the file to blame, and the words.</returns>
    public static (string Key, string Problem)? Problem(ListenerTlsSettings files)
    {
        if (CertificatesIn(files.Certificate).Count == 0)
            return ("certificate", NoCertificate);
        if (files.ClientAuth != ClientAuth.None && CertificatesIn(files.ClientCa).Count == 0)
            return ("client-ca", NoCertificate);
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            return files.ClientAuth == ClientAuth.None || TryVerify(certificate, [], out _) ? null : ("client-auth", NoHome);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return ("key", $"expected a PEM file with the private key of the certificate in certificate: {e.Message}");
        }
    }

    /// <summary>What is wrong with files of a node that exist; null when nothing is.</summary>
    /// <returns>The key of the file to blame, and the words.</returns>
    public static (string Key, string Problem)? Problem(ClusterTlsSettings files)
    {
        var authorities = CertificatesIn(files.Ca);
        if (authorities.Count == 0)
            return ("ca", NoCertificate);
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            return !TryVerify(certificate, authorities, out var objections) ? ("certificate", NoHome)
                : objections.Length == 0 ? null
                : ("certificate", $"the other nodes would refuse it: {objections} by the certificates in ca");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // An ArgumentException is a key that belongs to another certificate.
            return ("certificate", $"expected a PEM file with a certificate whose key is in key: {e.Message}");
        }
    }

    /// <returns>False when nothing can be verified: .NET looks for certificates that the user has forbidden, in the home directory.</returns>
    private static bool TryVerify(X509Certificate2 certificate, X509Certificate2Collection authorities, out string objections)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        try
        {
            objections = chain.Build(certificate) ? "" : string.Join(", ", chain.ChainStatus.Select(it => it.Status));
            return true;
        }
        catch (InvalidOperationException)
        {
            objections = "";
            return false;
        }
    }

    private static X509Certificate2Collection CertificatesIn(string file)
    {
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPemFile(file);
            return found;
        }
        catch (CryptographicException)
        {
            return [];
        }
    }
}
