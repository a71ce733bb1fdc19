using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Tests.Clustering;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions.Certificates;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Files_are_not_looked_at_again_within_a_second()
    {
        var files = Open();
        var first = files.Now();
        TestTls.For(_authority);
        Assert.Same(first, files.Now());
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        var second = files.Now();
        Assert.NotSame(first, second);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Same(second, files.Now());
    }

    [Fact]
    public void A_key_that_comes_after_its_certificate_is_waited_for()
    {
        var tls = TestTls.For(_authority);
        var files = new CertificateFiles("main", tls, _clock, NoLogger.Instance);
        var first = files.Now();
        var other = _authority.Issue("other", "CN=other");
        File.Copy(other.Certificate, tls.Certificate, overwrite: true);
        Assert.Same(first, Later(files));
        Assert.Same(first, Later(files));
        File.Copy(other.Key, tls.Key, overwrite: true);
        Assert.Equal("CN=other", Later(files).Chain.TargetCertificate.Subject);
    }

    [Fact]
    public void A_file_that_is_gone_changes_nothing()
    {
        var tls = TestTls.For(_authority);
        var files = new CertificateFiles("main", tls, _clock, NoLogger.Instance);
        var first = files.Now();
        File.Delete(tls.Certificate);
        Assert.Same(first, Later(files));
        Assert.Same(first, Later(files));
    }

    [Fact]
    public void Certificate_key_and_what_is_between_may_be_in_one_file()
    {
        var tls = TestTls.For(_authority);
        using ECDsa rootKey = ECDsa.Create(), betweenKey = ECDsa.Create(), key = ECDsa.Create();
        using var root = Authority("root", rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var between = Authority("between", betweenKey)
            .Create(root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(0.9), [1])
            .CopyWithPrivateKey(betweenKey);
        using var own = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256)
            .Create(between, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(0.8), [2]);
        File.WriteAllText(
            tls.Certificate, $"{own.ExportCertificatePem()}\n{between.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        var files = new CertificateFiles("main", tls with { Key = tls.Certificate }, _clock, NoLogger.Instance);
        Assert.Equal("CN=own", files.Now().Chain.TargetCertificate.Subject);
        Assert.Equal("CN=between", Assert.Single(files.Now().Chain.IntermediateCertificates).Subject);
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }

    private CertificateFiles Open() => new("main", TestTls.For(_authority), _clock, NoLogger.Instance);

    private ServerCertificate Later(CertificateFiles files)
    {
        _clock.Advance(TimeSpan.FromSeconds(2));
        return files.Now();
    }
}
