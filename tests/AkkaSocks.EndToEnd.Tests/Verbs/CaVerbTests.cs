using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Verbs;

[UnsupportedOSPlatform("windows")]
public sealed class CaVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-ca-");

    public CaVerbTests() => File.WriteAllText(Conf, $$"""
        akkasocks {
          listeners { main { endpoint = "127.0.0.1:0" } }
          mitm { enabled = on, scope.include = ["*.test"], ca { dir = "{{Home}}", auto-create = off } }
        }
        """);

    private string Conf => Path.Combine(_folder.FullName, "test.conf");

    private string Home => Path.Combine(_folder.FullName, "ca");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_authority_is_made_once_and_shown_and_printed_without_its_key()
    {
        Assert.Equal(new(0, $"{Home}/ca.pem\n", ""), await Run("create"));
        Assert.Equal(1, (await Run("create")).ExitCode);

        var printed = await Run("export");
        using var authority = X509Certificate2.CreateFromPem(printed.Output);
        Assert.DoesNotContain("PRIVATE", printed.Output);
        var shown = await Run("show");
        Assert.Contains(authority.Subject, shown.Output);
        Assert.Contains(
            Convert.ToHexString(SHA256.HashData(authority.RawData)), shown.Output.Replace(":", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_one_and_with_a_key_that_others_may_read_nothing_starts()
    {
        var missing = await AkkaSocksProcess.RunAsync(["run", "-c", Conf]);
        Assert.Equal(1, missing.ExitCode);
        Assert.StartsWith("akkasocks: mitm.ca: ", missing.Errors);

        await Run("create");
        File.SetUnixFileMode($"{Home}/ca.key", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var wide = await AkkaSocksProcess.RunAsync(["run", "-c", Conf]);
        Assert.Equal(1, wide.ExitCode);
        Assert.Contains($"others than its owner may use {Home}/ca.key", wide.Errors);
    }

    private Task<AkkaSocksProcess.Outcome> Run(string verb) => AkkaSocksProcess.RunAsync(["ca", verb, "-c", Conf]);
}
