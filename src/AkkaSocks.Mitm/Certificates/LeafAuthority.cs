using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaSocks.Mitm.Certificates;

/// <summary>Signs the certificates that clients are shown instead of their origins'.</summary>
/// <param name="authority">With its key, ECDSA or RSA.</param>
/// <param name="validity">How long a certificate is valid; never beyond the authority's end.</param>
internal sealed class LeafAuthority(X509Certificate2 authority, TimeSpan validity) : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", AlternativeNames = "2.5.29.17";

    // X.520 upper bound of a common name.
    private const int MaxCommonName = 64;

    // An origin's names are sent with every handshake of ours.
    private const int MaxAlternativeNames = 8 * 1024;
    private const int SerialBytes = 16;
    private static readonly TimeSpan Backdate = TimeSpan.FromDays(2);

    // One for all, made at start and never written down: making one for each would cost more than the signature.
    private readonly ECDsa _leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509SignatureGenerator _signer = SignerOf(authority);

    /// <summary>The authority's certificate.</summary>
    public X509Certificate2 Authority => authority;

    /// <summary>Signs a certificate, which has the key.</summary>
    /// <param name="host">The name or address that the client wants.</param>
    /// <param name="origin">The origin's certificate, whose names are taken over; null where there is none that is valid.</param>
    public X509Certificate2 Sign(string host, X509Certificate2? origin)
    {
        var request = new CertificateRequest(NameOf(host, origin), _leafKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        request.CertificateExtensions.Add(NamesOf(host, origin));
        request.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(request.PublicKey, X509SubjectKeyIdentifierHashAlgorithm.Sha256, false));

        // As the authority's certificate has it; one that has none cannot be named so.
        if (authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var now = DateTimeOffset.UtcNow;
        var begin = Max(now - Backdate, authority.NotBefore);
        using var certificate = request.Create(
            authority.SubjectName, _signer, begin, Min(now + validity, authority.NotAfter), NewSerial());
        return WithKey(certificate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _leafKey.Dispose();
        authority.Dispose();
    }

    private static X509SignatureGenerator SignerOf(X509Certificate2 authority) =>
        authority.GetECDsaPrivateKey() is { } ecdsa ? X509SignatureGenerator.CreateForECDsa(ecdsa)
        : authority.GetRSAPrivateKey() is { } rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : throw new AuthorityUnavailableException("the key is neither ECDSA nor RSA");

    private static X500DistinguishedName NameOf(string host, X509Certificate2? origin)
    {
        var name = new X500DistinguishedNameBuilder();
        var common = origin?.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 and <= MaxCommonName } theirs
            ? theirs
            : host;
        if (common.Length <= MaxCommonName)
            name.AddCommonName(common);
        return name.Build();
    }

    /// <summary>The origin's names where they are for this host; never a wildcard of our own, which may cover more than anybody meant.
    /// </summary>
    private static X509Extension NamesOf(string host, X509Certificate2? origin)
    {
        if (origin?.Extensions[AlternativeNames] is { RawData.Length: <= MaxAlternativeNames } theirs
            && origin.MatchesHostname(host, allowWildcards: true, allowCommonName: false))
            return theirs;
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        return names.Build();
    }

    // RFC 5280 §4.1.2.2: positive, and of a length that does not depend on luck.
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private X509Certificate2 WithKey(X509Certificate2 certificate)
    {
        var leaf = certificate.CopyWithPrivateKey(_leafKey);
        if (!OperatingSystem.IsWindows())
            return leaf;

        // Windows does not do TLS with a key that exists in memory only.
        using (leaf)
            return X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
    }
}
