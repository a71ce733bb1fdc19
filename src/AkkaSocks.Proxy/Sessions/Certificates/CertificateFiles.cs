using System.Security.Cryptography;
using Akka.Event;
using AkkaSocks.Proxy.Files;
using AkkaSocks.Proxy.Settings;

namespace AkkaSocks.Proxy.Sessions.Certificates;

/// <summary>
/// The TLS files of one listener, which others may rewrite while we run. Whoever asks looks at them first when the last look is
/// more than a second ago: a handshake begins with what the files hold, at most a second late, and no thread watches them.
/// </summary>
/// <remarks>
/// What cannot be used changes nothing. It is logged once, and only when it is still so at the next look: certificate and key
/// are two files, and nobody can write both at once.
/// </remarks>
internal sealed class CertificateFiles
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly string _listener;
    private readonly ListenerTlsSettings _files;
    private readonly TimeProvider _clock;
    private readonly ILoggingAdapter _log;
    private volatile ServerCertificate _current;
    private Stamps _used, _unusable;
    private bool _hasComplained;
    private long _lookedAt;
    private int _looking;

    private readonly record struct Stamps(FileStamp Certificate, FileStamp Key, FileStamp ClientCa);

    /// <summary>Reads the files, at once.</summary>
    /// <param name="listener">Whose: its name, for the log.</param>
    /// <param name="files">Which.</param>
    /// <param name="clock">When to look again.</param>
    /// <param name="log">Told of every change, and of what cannot be used.</param>
    /// <exception cref="CryptographicException">They hold no such thing, or one does not belong to the other.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They are not ours to read.</exception>
    public CertificateFiles(string listener, ListenerTlsSettings files, TimeProvider clock, ILoggingAdapter log)
    {
        _listener = listener;
        _files = files;
        _clock = clock;
        _log = log;
        _used = StampsNow();
        _current = ServerCertificate.Read(files);
        _lookedAt = clock.GetTimestamp();
        WarnWhenOver();
    }

    /// <summary>What a handshake that begins now uses. May read files, so not for an event loop.</summary>
    public ServerCertificate Now()
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _lookedAt)) > LookAgainAfter && Interlocked.Exchange(ref _looking, 1) == 0)
        {
            Look();
            Volatile.Write(ref _lookedAt, _clock.GetTimestamp());
            Volatile.Write(ref _looking, 0);
        }

        return _current;
    }

    /// <summary>Reads the files at once if they have changed, and says when they cannot be used.</summary>
    /// <exception cref="CryptographicException">They hold no such thing, or one does not belong to the other.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They are not ours to read.</exception>
    public void Renew()
    {
        var turn = new SpinWait();
        while (Interlocked.Exchange(ref _looking, 1) != 0)
            turn.SpinOnce();
        try
        {
            if (StampsNow() is var found && found != _used)
                Use(found, ServerCertificate.Read(_files));
        }
        finally
        {
            Volatile.Write(ref _lookedAt, _clock.GetTimestamp());
            Volatile.Write(ref _looking, 0);
        }
    }

    private void Look()
    {
        try
        {
            var found = StampsNow();
            if (found == _used)
                return;
            if (found == _unusable && _hasComplained)
                return;
            TryUse(found);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Complain(default, failure);
        }
    }

    private void TryUse(Stamps found)
    {
        try
        {
            Use(found, ServerCertificate.Read(_files));
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            Complain(found, failure);
        }
    }

    private void Use(Stamps found, ServerCertificate certificate)
    {
        _current = certificate;
        _used = found;
        _unusable = default;
        _hasComplained = false;
        _log.Info("Listener {0} has another certificate, valid until {1:yyyy-MM-dd HH:mm} UTC.", _listener, certificate.EndsAt);
        WarnWhenOver();
    }

    private void Complain(Stamps found, Exception failure)
    {
        if (found != _unusable)
        {
            _unusable = found;
            _hasComplained = false;
            return;
        }

        if (_hasComplained)
            return;
        _hasComplained = true;
        _log.Warning("Listener {0} goes on with the certificate it has, since what its files hold now cannot be used: {1}", _listener, failure.Message);
    }

    private void WarnWhenOver()
    {
        if (_current.EndsAt < _clock.GetUtcNow())
            _log.Warning("The certificate of listener {0} has expired: {1:yyyy-MM-dd HH:mm} UTC. Its clients will refuse it.", _listener, _current.EndsAt);
    }

    private Stamps StampsNow() => new(
        FileStamp.Of(_files.Certificate),
        FileStamp.Of(_files.Key),
        _files.ClientAuth == ClientAuth.None ? default : FileStamp.Of(_files.ClientCa));
}
