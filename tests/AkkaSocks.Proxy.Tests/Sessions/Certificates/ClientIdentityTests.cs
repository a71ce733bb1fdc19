using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions.Certificates;

public sealed class ClientIdentityTests
{
    [Theory]
    [InlineData("CN=alice", "alice")]
    [InlineData("O=acme, CN=alice, C=AT", "alice")]
    [InlineData("CN=\"a, CN=root\"", "a, CN=root")]
    [InlineData("CN=\u00e4", "\u00e4")]
    [InlineData("O=alice", null)]
    [InlineData("CN=alice, CN=bob", null)]
    [InlineData("CN=", null)]
    public void The_common_name_counts_when_there_is_exactly_one(string subject, string? expected) =>
        AssertIdentity(expected, Certificate(subject), IdentityField.Cn);

    [Fact]
    public void A_name_longer_than_a_client_could_send_is_none() =>
        AssertIdentity(null, Certificate("O=x", names => names.AddUri(new Uri("urn:" + new string('a', 300)))), IdentityField.SanUri);

    [Fact]
    public void A_URI_and_an_email_address_are_found_among_other_names()
    {
        using var certificate = Certificate("CN=cn", names =>
        {
            names.AddDnsName("dns.test");
            names.AddUri(new Uri("spiffe://acme/alice"));
            names.AddEmailAddress("alice@acme.test");
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            names.AddUserPrincipalName("upn@acme.test");
        });
        AssertIdentity("spiffe://acme/alice", certificate, IdentityField.SanUri);
        AssertIdentity("alice@acme.test", certificate, IdentityField.SanEmail);
    }

    [Fact]
    public void Two_of_a_kind_are_none()
    {
        using var certificate = Certificate("CN=cn", names =>
        {
            names.AddUri(new Uri("urn:a"));
            names.AddUri(new Uri("urn:b"));
        });
        AssertIdentity(null, certificate, IdentityField.SanUri);
    }

    [Fact]
    public void Without_other_names_there_is_none_among_them()
    {
        using var certificate = Certificate("CN=cn");
        AssertIdentity(null, certificate, IdentityField.SanUri);
        AssertIdentity(null, certificate, IdentityField.SanEmail);
    }

    /// <summary>An authority signs what it is given: the names in it are DER only as far as somebody has made them so.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("3003860161")]
    [InlineData("3003860561")]
    [InlineData("300386 01FF")]
    public void Names_that_cannot_be_read_are_none(string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        using var certificate = Certificate("CN=cn", extension: new X509Extension("2.5.29.17", bytes, critical: false));
        var identity = ClientIdentity.Of(certificate, IdentityField.SanUri);
        Assert.Equal(hex == "3003860161" ? UserName.FromText("a") : null, identity);
    }

    private static void AssertIdentity(string? expected, X509Certificate2 certificate, IdentityField field) =>
        Assert.Equal(expected is null ? null : UserName.FromText(expected), ClientIdentity.Of(certificate, field));

    private static X509Certificate2 Certificate(
        string subject, Action<SubjectAlternativeNameBuilder>? add = null, X509Extension? extension = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (add is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            add(names);
            request.CertificateExtensions.Add(names.Build());
        }

        if (extension is not null)
            request.CertificateExtensions.Add(extension);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
