using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.EndToEnd.Tests.Clustering;

/// <summary>Something that is no node and listens where one should.</summary>
internal sealed class Intruder : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<TcpClient, Task> _serve;
    private readonly List<TcpClient> _clients = [];
    private int _dials;

    /// <summary>Listens from now on.</summary>
    public Intruder(IPEndPoint place, Func<TcpClient, Task> serve)
    {
        (_listener, _serve) = (new TcpListener(place), serve);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>How often somebody has connected.</summary>
    public int Dials => Volatile.Read(ref _dials);

    public static async Task AnswerHttpAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
        client.Dispose();
    }

    public static Task CloseAsync(TcpClient client)
    {
        client.Dispose();
        return Task.CompletedTask;
    }

    public static Task StaySilentAsync(TcpClient client) => Task.CompletedTask;

    /// <summary>Speaks TLS with a certificate of its own, and accepts all others.</summary>
    public static Func<TcpClient, Task> ShowAsync(ClusterTlsSettings files)
    {
        using var pem = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        return async client =>
        {
            var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
            await tls.AuthenticateAsServerAsync(certificate, clientCertificateRequired: true, checkCertificateRevocation: false);
            await tls.ReadExactlyAsync(new byte[1]);
        };
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_clients)
            _clients.ForEach(client => client.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _dials);
                lock (_clients)
                    _clients.Add(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            await _serve(client);
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // Whoever dialled has seen what it is.
        }
    }
}
