using System.Security.Cryptography;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Tls;

namespace AkkaSocks.Proxy.Sessions.Certificates;

/// <summary>What the sessions of a listener with TLS share.</summary>
/// <param name="settings">Its settings.</param>
/// <param name="files">Its files.</param>
/// <param name="pool">Where handshakes are worked on.</param>
internal sealed class SecuredListener(ListenerTlsSettings settings, CertificateFiles files, HandshakePool pool)
{
    /// <summary>A client may begin with nothing but TLS.</summary>
    public bool IsRequired => settings.Mode == TlsMode.Required;

    /// <summary>Reads a listener's files.</summary>
    /// <param name="listener">Its name.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="pool">Where handshakes are worked on.</param>
    /// <param name="log">Told of changes.</param>
    /// <exception cref="CryptographicException">The files hold nothing that can be used.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They are not ours to read.</exception>
    public static SecuredListener Open(string listener, ListenerTlsSettings settings, HandshakePool pool, ILoggingAdapter log) =>
        new(settings, new CertificateFiles(listener, settings, TimeProvider.System, log), pool);

    /// <summary>Reads the files at once if they have changed.</summary>
    /// <exception cref="CryptographicException">They hold nothing that can be used; what was there goes on being used.</exception>
    /// <exception cref="IOException">They cannot be read; likewise.</exception>
    /// <exception cref="UnauthorizedAccessException">They are not ours to read; likewise.</exception>
    public void Renew() => files.Renew();

    /// <summary>Begins a handshake, unless too many are under way.</summary>
    /// <param name="client">The connection, which stays the owner's.</param>
    /// <param name="received">What the owner has received of it.</param>
    /// <param name="owner">Told when it is its turn.</param>
    /// <param name="worked">What it is told.</param>
    /// <param name="certificate">What the client shows.</param>
    public TlsHandshake? TryBegin(
        Connection client, ReadOnlySpan<byte> received, IActorRef owner, object worked, out ClientCertificate certificate)
    {
        certificate = new ClientCertificate(settings, files);
        if (!pool.TryEnter())
            return null;
        var handshake = new TlsHandshake(client, pool, certificate.Terms, owner, worked);
        handshake.Begin(received);
        return handshake;
    }
}
