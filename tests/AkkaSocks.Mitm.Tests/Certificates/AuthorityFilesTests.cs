using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Mitm.Certificates;
using AkkaSocks.Proxy.Settings;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Certificates;

/// <summary>Nobody but its owner may have the key, and what cannot be used stops the start with words.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AuthorityFilesTests : IDisposable
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-ca-");

    private string Home => Path.Combine(_folder.FullName, "new", "ca");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void One_is_made_for_its_owner_alone_and_the_next_start_has_the_same()
    {
        using var made = AuthorityFiles.Open(Settings());
        using var again = AuthorityFiles.Open(Settings() with { AutoCreate = false });

        Assert.Equal(made.Thumbprint, again.Thumbprint);
        Assert.True(again.HasPrivateKey);
        Assert.Equal(OwnersAlone, File.GetUnixFileMode(Path.Combine(Home, "ca.key")));
        Assert.Equal(OwnersAlone | UnixFileMode.UserExecute, File.GetUnixFileMode(Home));
    }

    [Fact]
    public void Two_of_them_are_called_differently()
    {
        using var one = AuthorityFiles.Open(Settings());
        using var other = AuthorityFiles.Open(Settings() with { Directory = Home + "2" });

        Assert.NotEqual(one.Subject, other.Subject);
    }

    [Theory]
    [InlineData("ca.key", UnixFileMode.GroupRead)]
    [InlineData("ca.key", UnixFileMode.OtherRead)]
    [InlineData("", UnixFileMode.OtherExecute)]
    public void A_key_that_others_may_read_is_refused(string file, UnixFileMode mode)
    {
        AuthorityFiles.Create(Home);
        File.SetUnixFileMode(Path.Combine(Home, file), OwnersAlone | UnixFileMode.UserExecute | mode);

        Assert.Contains("others than its owner", Assert.Throws<AuthorityUnavailableException>(() => AuthorityFiles.Open(Settings())).Message);
    }

    [Fact]
    public void None_is_made_where_that_is_not_wanted_and_none_over_another()
    {
        Assert.Throws<AuthorityUnavailableException>(() => AuthorityFiles.Open(Settings() with { AutoCreate = false }));
        AuthorityFiles.Create(Home);
        Assert.Throws<AuthorityUnavailableException>(() => AuthorityFiles.Create(Home));
    }

    [Fact]
    public void A_certificate_that_may_sign_nothing_is_refused()
    {
        using var ca = new LeafAuthority(AuthorityFiles.Open(Settings()), TimeSpan.FromDays(1));
        using var leaf = ca.Sign("example.test", null);
        var (certificate, key) = AuthorityFiles.In(_folder.FullName);
        File.WriteAllText(certificate, leaf.ExportCertificatePem());
        File.WriteAllText(key, leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(key, OwnersAlone);

        var refused = Assert.Throws<AuthorityUnavailableException>(
            () => AuthorityFiles.Open(Settings() with { Certificate = certificate, Key = key }));
        Assert.Contains("no certificate of an authority", refused.Message);
    }

    private MitmCaSettings Settings() => new() { Directory = Home, Certificate = "", Key = "", AutoCreate = true };
}
