using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaSocks.Proxy.Settings.Reading;

/// <summary>Whether PEM files hold what <c>cluster.tls</c> needs, tried at once: a node would otherwise find out when it first meets
/// another one.</summary>
internal static class PemFiles
{
    /// <summary>What is wrong with files that exist; null when nothing is.</summary>
    /// <returns>The key of the file to blame, and the words.</returns>
    public static (string Key, string Problem)? Problem(ClusterTlsSettings files)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPemFile(files.Ca);
        }
        catch (CryptographicException)
        {
            authorities.Clear();
        }

        if (authorities.Count == 0)
            return ("ca", "expected a PEM file with a certificate");
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            return chain.Build(certificate)
                ? null
                : ("certificate", $"the other nodes would refuse it: {string.Join(", ", chain.ChainStatus.Select(it => it.Status))} by the certificates in ca");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // An ArgumentException is a key that belongs to another certificate.
            return ("certificate", $"expected a PEM file with a certificate whose key is in key: {e.Message}");
        }
    }
}
