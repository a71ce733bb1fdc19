using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AkkaSocks.Proxy.Transport.Sockets;

/// <summary>Whether somebody listens at a port, and, where TLS is spoken, whether it is one of us.</summary>
internal static class PortProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Connects and closes again. Never fails.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port.</param>
    /// <param name="certificate">What to show; null where TLS is not spoken.</param>
    /// <param name="isOneOfUs">Judges the certificate that the other side shows.</param>
    public static async Task<bool> AnswersAsync(
        string host, int port, X509Certificate2? certificate, Func<X509Certificate2, bool> isOneOfUs)
    {
        using var time = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, time.Token).ConfigureAwait(false);
            if (certificate is null)
                return true;
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ClientCertificates = [certificate],
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 its && isOneOfUs(its),
                },
                time.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception no) when (no is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            return false;
        }
    }
}
