using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Clustering;

/// <summary>
/// Mutual TLS between nodes. Both sides show a certificate, and both must be signed by our own authority: what the operating
/// system trusts does not matter. Names in certificates are not compared, since an authority that signs nodes signs nothing else.
/// </summary>
/// <remarks>
/// The files may be renewed while the node runs: each handshake that begins afterwards goes by them. What is connected stays so.
/// </remarks>
internal sealed class ClusterTls
{
    private readonly ClusterTlsSettings _files;
    private volatile Credentials _current;
    private string _stamp;

    /// <summary>Reads the files.</summary>
    /// <exception cref="CryptographicException">They hold no such thing.</exception>
    public ClusterTls(ClusterTlsSettings settings)
    {
        _files = settings;
        _stamp = Stamp();
        _current = Read();
    }

    private sealed record Credentials(X509Certificate2 Certificate, X509Certificate2Collection Authorities);

    /// <summary>What has come of a look at the files.</summary>
    /// <param name="IsNew">There is another certificate or there are other authorities, and they are in use.</param>
    /// <param name="Problem">Why the files on disk are of no use: those read before stay in use. Null when they are.</param>
    internal readonly record struct Renewal(bool IsNew, string? Problem);

    /// <summary>This node's certificate with its key.</summary>
    public X509Certificate2 Certificate => _current.Certificate;

    /// <summary>Called with each new certificate.</summary>
    public Action<X509Certificate2>? Renewed { get; set; }

    /// <summary>What Akka's transport needs. Files named in its configuration would have to be PFX and trusted by the system.</summary>
    public DotNettySslSetup Setup() => new(Certificate, false, true, Accepts);

    /// <summary>Whether our authority has signed a certificate, and it is in its time.</summary>
    public bool IsSigned(X509Certificate2 certificate, out string problems) => IsSigned(certificate, _current.Authorities, out problems);

    /// <summary>Looks whether the files have changed, and uses them if they have and are of use. Reads files; for one caller at a time.</summary>
    public Renewal Renew()
    {
        try
        {
            var stamp = Stamp();
            if (stamp == _stamp)
                return default;
            var read = Read();
            if (!IsSigned(read.Certificate, read.Authorities, out var problems))
                return new Renewal(false, $"the other nodes would refuse the certificate: {problems}");
            (_current, _stamp) = (read, stamp);
            Renewed?.Invoke(read.Certificate);
            return new Renewal(true, null);
        }
        catch (Exception unusable) when (unusable is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // An ArgumentException is a key that belongs to another certificate. Perhaps one of them is still being written: the
            // next look finds them whole.
            return new Renewal(false, unusable.Message);
        }
    }

    private static bool IsSigned(X509Certificate2 certificate, X509Certificate2Collection authorities, out string problems)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        var isSigned = chain.Build(certificate);
        problems = string.Join(", ", chain.ChainStatus.Select(it => it.Status));
        return isSigned;
    }

    private Credentials Read()
    {
        // Exported and read again: a key that came from PEM exists in memory only, which TLS on some platforms does not accept.
        using var pem = X509Certificate2.CreateFromPemFile(_files.Certificate, _files.Key);
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(_files.Ca);
        return new Credentials(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), authorities);
    }

    // Times of files are copied with them, and too coarse for two changes in a row.
    private string Stamp()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in (string[])[_files.Certificate, _files.Key, _files.Ca])
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        return Convert.ToHexString(hash.GetHashAndReset());
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
