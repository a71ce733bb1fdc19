using System.Net;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>A proxy that looks into everything but what ends in <c>.bank.test</c>; names that end in <c>.test</c> are this machine.</summary>
public sealed class InterceptingNode : IAsyncLifetime
{
    internal RunningProxy Proxy { get; private set; } = null!;

    internal TlsFiles Files { get; } = new();

    /// <summary>The proxy for curl.</summary>
    internal string Socks => $"socks5h://{Proxy.Endpoint}";

    /// <summary>The authority that its clients trust.</summary>
    internal string Authority => Path.Combine(Files.Path("ca"), "ca.pem");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(
            Files.Path("hosts"), "127.0.0.1 localhost www.test wrong.test vault.bank.test pinned.test wants.test silent.test\n");
        Proxy = await StartAsync("");
    }

    public async Task DisposeAsync()
    {
        using (Proxy)
        {
            var end = await Proxy.StopAsync();
            Assert.Equal((0, 1), (end.ExitCode, end.Errors.Count(it => it == '\n')));
            Assert.StartsWith("akkasocks: WARNING: interception is on", end.Errors);
        }

        Files.Dispose();
    }

    /// <summary>One like it, with other keys.</summary>
    internal Task<RunningProxy> StartAsync(string more) => RunningProxy.StartAsync(
        $$"""
        akkasocks {
          listeners.main.protocols = [socks5, http]
          egress.dns.hosts-file = "{{Files.Path("hosts")}}"
          mitm {
            enabled = on
            scope { include = ["*"], exclude = ["*.bank.test"], ports = ["1-65535"] }
            ca.dir = "{{Files.Path("ca")}}"
            upstream.extra-roots = ["{{Files.Authority}}"]
          }
        }
        """,
        more);

    /// <summary>curl through the proxy, trusting its authority.</summary>
    internal Task<Tool.Outcome> Curl(params string[] arguments) =>
        Tool.RunAsync("curl", ["-sS", "-x", Socks, "--cacert", Authority, .. arguments]);

    /// <summary>What became of the one session to a port.</summary>
    internal async Task<string?> OutcomeAsync(int port) =>
        (await Proxy.SessionToAsync(port)).TryGetProperty("intercept", out var outcome) ? outcome.GetString() : null;

    /// <summary>A client of .NET through the proxy, trusting its authority.</summary>
    internal SocketsHttpHandler Client()
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Authority);
        return new SocketsHttpHandler
        {
            Proxy = new WebProxy($"socks5://{Proxy.Endpoint}"),
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
    }
}
