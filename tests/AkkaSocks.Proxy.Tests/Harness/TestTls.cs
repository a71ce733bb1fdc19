using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Clustering;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A listener's TLS, and clients for it.</summary>
internal static class TestTls
{
    // Of the process: its files go with the temporary folder.
    private static readonly TestAuthority Authority = new();

    /// <summary>What a listener with nothing but TLS has.</summary>
    public static ListenerTlsSettings Required { get; } = For(Authority);

    /// <summary>The same, from another authority.</summary>
    public static ListenerTlsSettings For(TestAuthority authority, string file = "server")
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("proxy.test");
        var (certificate, key) = authority.Issue(file, "CN=proxy.test", names);
        return new ListenerTlsSettings
        {
            Mode = TlsMode.Required,
            Certificate = certificate,
            Key = key,
            ClientAuth = ClientAuth.None,
            ClientCa = authority.CaFile,
            IdentityFrom = IdentityField.Cn,
            MinVersion = TlsVersion.Tls12,
        };
    }

    /// <summary>The same settings with TLS in front.</summary>
    public static ProxySettings Secured(this ProxySettings settings, ListenerTlsSettings? tls = null) =>
        settings with { Listeners = [.. settings.Listeners.Select(it => it with { Tls = tls ?? Required })] };

    /// <summary>Speaks TLS on a connected socket. Whose certificate the server has does not matter.</summary>
    public static async Task<SslStream> SecureAsync(
        Socket socket, SslProtocols versions = SslProtocols.None, X509Certificate2? certificate = null, bool resume = true, string name = "proxy.test")
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = versions,
            AllowTlsResume = resume,
            ClientCertificates = certificate is null ? null : [certificate],
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        }).InTime();
        return stream;
    }
}
