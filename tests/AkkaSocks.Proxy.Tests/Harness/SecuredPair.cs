using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Event;
using AkkaSocks.Proxy.Sessions.Certificates;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Transport;
using AkkaSocks.Proxy.Transport.Tls;

namespace AkkaSocks.Proxy.Tests.Harness;

/// <summary>A <see cref="TransportPair"/> whose connections are inside TLS.</summary>
internal sealed class SecuredPair : IDisposable
{
    private readonly CertificateFiles _files;
    private readonly ListenerTlsSettings _settings;

    public SecuredPair(bool epoll, ListenerTlsSettings? settings = null)
    {
        Transport = new TransportPair(epoll);
        _settings = settings ?? TestTls.Required;
        _files = new CertificateFiles("main", _settings, TimeProvider.System, NoLogger.Instance);
    }

    public TransportPair Transport { get; }

    public HandshakePool Pool { get; } = new(2, 100);

    /// <summary>A handshake that has not begun, its owner, and its client.</summary>
    public async Task<(TlsHandshake Handshake, WaitingOwner Owner, Socket FarEnd)> BeginAsync()
    {
        var owner = new WaitingOwner();
        var (connection, farEnd) = await Transport.AcceptAsync(owner);
        if (!Pool.TryEnter())
            throw new InvalidOperationException("Too many handshakes.");
        var certificate = new ClientCertificate(_settings, _files);
        return (new TlsHandshake(connection, Pool, certificate.Terms, new Signalling(owner), "worked"), owner, farEnd);
    }

    /// <summary>Goes on with a handshake to its end.</summary>
    public async Task<TlsProgress> CompleteAsync(TlsHandshake handshake, WaitingOwner owner)
    {
        while (true)
        {
            var progress = await Transport.OnLane(handshake.Advance);
            if (progress != TlsProgress.UnderWay)
                return progress;
            await owner.SignalAsync();
        }
    }

    /// <summary>An accepted connection, watched by <paramref name="watcher"/>, and its client.</summary>
    public async Task<(Connection Connection, SslStream FarEnd, Socket Socket)> AcceptAsync(
        IConnectionOwner watcher, SslProtocols version = SslProtocols.Tls13)
    {
        var (handshake, owner, socket) = await BeginAsync();
        var securing = TestTls.SecureAsync(socket, version);
        var progress = await CompleteAsync(handshake, owner);
        if (progress != TlsProgress.Secured)
            throw new InvalidOperationException($"The handshake has {progress}.");
        var connection = await Transport.OnLane(() =>
        {
            var secured = handshake.TakeConnection();
            handshake.Dispose();
            secured.Watch(watcher);
            return secured;
        });
        return (connection, await securing, socket);
    }

    public void Dispose()
    {
        Transport.Dispose();
        Pool.Dispose();
    }

    private sealed class Signalling(WaitingOwner owner) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "signalling";

        public override IActorRefProvider Provider => throw new NotSupportedException("It belongs to no system.");

        protected override void TellInternal(object message, IActorRef sender) => owner.OnReady(Readiness.None);
    }
}
