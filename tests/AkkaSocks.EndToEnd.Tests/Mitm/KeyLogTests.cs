using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>What <c>mitm.key-log</c> writes, beside what OpenSSL writes of the same connections at their other ends.</summary>
[SupportedOSPlatform("linux")]
public sealed class KeyLogTests : IDisposable
{
    private readonly TlsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [NeedsToolTheory("openssl")]
    [InlineData("-tls1_3", 5)]
    [InlineData("-tls1_2", 1)]
    public async Task The_secrets_of_both_sides_of_what_is_opened_are_written_and_no_others(string version, int linesOfEach)
    {
        using var proxy = await StartAsync(_files.Path("keys"));
        var certificate = _files.Issue("www.test");
        using var origin = Tool.Start(
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", version, "-cert", certificate, "-key", certificate,
            "-keylogfile", _files.Path("origin.keys"));
        try
        {
            var port = await PortOfAsync(origin.StandardOutput);

            // The first is to the listener itself, which has TLS too; nothing of it may be seen.
            await ClientAsync("listener.keys", "", version, "-connect", $"{proxy.Endpoint}");
            var page = await ClientAsync(
                "client.keys", "GET / HTTP/1.0\r\n\r\n", version, "-ign_eof", "-proxy", $"{proxy.Endpoint}", "-connect", $"www.test:{port}");
            Assert.Contains("HTTP/1.1 200 ok", page);
            string[] expected = [.. Lines("client.keys"), .. Lines("origin.keys")];
            Assert.Equal(2 * linesOfEach, expected.Length);
            Assert.Equal(linesOfEach, Lines("listener.keys").Length);

            await Eventually.TrueAsync(() => Lines("keys").Length >= expected.Length, () => "the secrets to be written");
            Assert.Equal(expected.Order(), Lines("keys").Order());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_files.Path("keys")));
        }
        finally
        {
            origin.Kill();
        }

        var end = await proxy.StopAsync();
        Assert.Contains($"akkasocks: WARNING: the secrets of intercepted TLS are written to {_files.Path("keys")}", end.Errors);
    }

    [Fact]
    public async Task A_file_that_others_may_read_is_refused()
    {
        var keys = _files.Path("keys");
        await File.WriteAllTextAsync(keys, "");
        File.SetUnixFileMode(keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(keys));

        Assert.Contains($"mitm.key-log: others than its owner may use {keys} (GroupRead)", refused.Message);
    }

    private Task<RunningProxy> StartAsync(string keys)
    {
        File.WriteAllText(_files.Path("hosts"), "127.0.0.1 www.test\n");
        return RunningProxy.StartAsync(
            $$"""
            akkasocks {
              listeners.main.protocols = [http]
              egress.dns.hosts-file = "{{_files.Path("hosts")}}"
              mitm {
                enabled = on, key-log = "{{keys}}", ca.dir = "{{_files.Path("ca")}}", upstream.extra-roots = ["{{_files.Authority}}"]
                scope { include = ["www.test"], ports = ["1-65535"] }
              }
            }
            """,
            _files.ToHocon("optional"));
    }

    private async Task<string> ClientAsync(string keys, string says, params string[] arguments) => (await Tool.RunAsync(
        "openssl", ["s_client", "-keylogfile", _files.Path(keys), .. arguments], Encoding.ASCII.GetBytes(says))).Text;

    /// <summary>A comment of OpenSSL's begins its file.</summary>
    private string[] Lines(string file) => [.. File.ReadLines(_files.Path(file)).Where(line => !line.StartsWith('#'))];

    private static async Task<int> PortOfAsync(StreamReader output)
    {
        while (true)
        {
            var line = await output.ReadLineAsync().InTime();
            if (Regex.Match(line!, @"^ACCEPT \S+:(\d+)$") is { Success: true } accept)
                return int.Parse(accept.Groups[1].Value);
        }
    }
}
