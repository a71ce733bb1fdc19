using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using AkkaSocks.Mitm.Certificates;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Certificates;

/// <summary>What clients are shown: strict ones accept it, and it promises no more than the origin's does.</summary>
public sealed class LeafAuthorityTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-leaf-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Openssl_accepts_it_strictly_whether_the_authority_is_ECDSA_or_RSA(bool isRsa)
    {
        using var authority = new LeafAuthority(NewAuthority(isRsa), TimeSpan.FromDays(90));
        using var leaf = authority.Sign("www.example.test", null);
        var (ca, file) = (Write("ca.pem", authority.Authority), Write("leaf.pem", leaf));

        var start = new ProcessStartInfo(
            "openssl", ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "www.example.test", "-CAfile", ca, file])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var openssl = Process.Start(start)!;
        var said = openssl.StandardOutput.ReadToEnd() + openssl.StandardError.ReadToEnd();
        openssl.WaitForExit();

        Assert.Equal($"{file}: OK\n", said);
    }

    [Fact]
    public void It_is_valid_from_two_days_ago_and_never_for_more_than_200_days_nor_longer_than_the_authority()
    {
        using var authority = new LeafAuthority(NewAuthority(), TimeSpan.FromDays(197));
        using var leaf = authority.Sign("www.example.test", null);
        Assert.InRange(leaf.NotAfter - leaf.NotBefore, TimeSpan.FromDays(198), TimeSpan.FromDays(199.01));
        Assert.True(leaf.NotBefore < DateTime.Now.AddDays(-1));

        using var brief = new LeafAuthority(NewAuthority(days: 3), TimeSpan.FromDays(197));
        using var short_ = brief.Sign("www.example.test", null);
        Assert.Equal(brief.Authority.NotAfter, short_.NotAfter);
    }

    [Fact]
    public void Names_are_the_origins_where_they_are_for_this_host()
    {
        using var authority = new LeafAuthority(NewAuthority(), TimeSpan.FromDays(90));
        using var origin = NewOrigin("*.example.test", "example.org");

        using var same = authority.Sign("www.example.test", origin);
        using var other = authority.Sign("www.other.test", origin);

        Assert.Equal(["*.example.test", "example.org"], NamesOf(same));
        Assert.Equal(["www.other.test"], NamesOf(other));
        Assert.Equal("CN=origin", same.Subject);
    }

    [Fact]
    public void An_address_is_an_address_and_a_long_name_no_common_name()
    {
        using var authority = new LeafAuthority(NewAuthority(), TimeSpan.FromDays(90));
        var longName = string.Join('.', Enumerable.Repeat("abcdefghij", 8)) + ".test";

        using var address = authority.Sign("192.0.2.1", null);
        using var name = authority.Sign(longName, null);

        Assert.Equal(IPAddress.Parse("192.0.2.1"), Assert.Single(Sans(address).EnumerateIPAddresses()));
        Assert.Equal(("", longName), (name.Subject, Assert.Single(NamesOf(name))));
    }

    [Fact]
    public void Serials_are_positive_and_differ()
    {
        using var authority = new LeafAuthority(NewAuthority(), TimeSpan.FromDays(90));
        var serials = Enumerable.Range(0, 100).Select(_ => authority.Sign("a.test", null).SerialNumberBytes.ToArray()).ToList();

        Assert.All(serials, serial => Assert.Equal((16, true), (serial.Length, serial[0] is >= 0x40 and < 0x80)));
        Assert.Equal(100, serials.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void The_cache_gives_the_same_for_the_same_and_keeps_no_more_than_it_may()
    {
        using var authority = new LeafAuthority(NewAuthority(), TimeSpan.FromDays(90));
        var cache = new LeafCache(authority, 8, TimeProvider.System);

        var first = cache.For("a.test", null);
        Assert.Same(first, cache.For("a.test", null));
        for (var i = 0; i < 50; i++)
        {
            cache.For($"{i}.test", null);
            Assert.Same(first, cache.For("a.test", null));
        }

        Assert.InRange(cache.Count, 1, 8);
    }

    [Fact]
    public void One_that_ends_soon_is_signed_anew()
    {
        using var authority = new LeafAuthority(NewAuthority(), TimeSpan.FromMinutes(30));
        var cache = new LeafCache(authority, 8, TimeProvider.System);

        Assert.NotSame(cache.For("a.test", null), cache.For("a.test", null));
    }

    private static X509Certificate2 NewAuthority(bool isRsa = false, int days = 400)
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = isRsa
            ? new CertificateRequest("CN=ca", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=ca", ecdsa, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-5), DateTimeOffset.UtcNow.AddDays(days));
    }

    private static X509Certificate2 NewOrigin(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=origin", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509SubjectAlternativeNameExtension Sans(X509Certificate2 certificate) =>
        new(certificate.Extensions["2.5.29.17"]!.RawData);

    private static List<string> NamesOf(X509Certificate2 certificate) => [.. Sans(certificate).EnumerateDnsNames()];

    private string Write(string name, X509Certificate2 certificate)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }
}
