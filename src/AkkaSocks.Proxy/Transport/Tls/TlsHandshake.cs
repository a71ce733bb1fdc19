using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Akka.Actor;

namespace AkkaSocks.Proxy.Transport.Tls;

/// <summary>
/// The server's side of one TLS handshake. Its owner, an actor, moves the bytes; a thread of the <see cref="HandshakePool"/>
/// works on a flight when one is there, and tells the owner; the two take turns. No thread waits for the client, so one that
/// stalls costs memory only, until the owner's deadline.
/// </summary>
internal sealed class TlsHandshake : IDisposable
{
    private const int OwnersTurn = 0, AtWork = 1, Abandoned = 2;

    private readonly Connection _connection;
    private readonly HandshakePool _pool;
    private readonly Func<SslServerAuthenticationOptions> _terms;
    private readonly IActorRef _owner;
    private readonly object _worked;
    private readonly RecordStream _records = new();
    private readonly SslStream _tls;
    private Task? _authentication;
    private int _turn;
    private bool _isOver, _isHandedOver;

    /// <summary>Begins a handshake that the pool has counted in.</summary>
    /// <param name="connection">The owner's.</param>
    /// <param name="pool">Counts it out in the end.</param>
    /// <param name="terms">Certificate and the rest; asked on a thread of the pool.</param>
    /// <param name="owner">Told when it is its turn again.</param>
    /// <param name="worked">What it is told.</param>
    public TlsHandshake(
        Connection connection, HandshakePool pool, Func<SslServerAuthenticationOptions> terms, IActorRef owner, object worked)
    {
        _connection = connection;
        _pool = pool;
        _terms = terms;
        _owner = owner;
        _worked = worked;
        _tls = new SslStream(_records, leaveInnerStreamOpen: true);
    }

    /// <summary>The name the client asked for (SNI): its own text, so to be escaped. Null when it named none.</summary>
    public string? ServerName => _tls.TargetHostName is { Length: > 0 } name ? name : null;

    /// <summary>The version agreed on, once secured.</summary>
    public SslProtocols Version => _tls.SslProtocol;

    /// <summary>Gives it bytes that the owner has received already: before anything else.</summary>
    public void Begin(ReadOnlySpan<byte> received) => _records.Add(received);

    /// <summary>Moves bytes and starts work, whichever can be done. Called when the connection is ready and when told.</summary>
    public TlsProgress Advance()
    {
        if (Volatile.Read(ref _turn) != OwnersTurn)
            return TlsProgress.UnderWay;

        // Alerts too are worth sending.
        if (_records.Flush(_connection) == IoStatus.Failed)
            return TlsProgress.Broken;
        if (_authentication is { IsCompleted: true })
            return _records.HasUnsent ? TlsProgress.UnderWay
                : _authentication.IsCompletedSuccessfully ? TlsProgress.Secured
                : TlsProgress.Failed;
        return Receive();
    }

    /// <summary>The connection inside, once secured; the caller owns it, and with it the outer one.</summary>
    public SecuredConnection TakeConnection()
    {
        _isHandedOver = true;
        return new SecuredConnection(_connection, _tls, _records);
    }

    /// <summary>Ends it, whoever's turn it is. Not the connection.</summary>
    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        _pool.Leave();
        if (Interlocked.Exchange(ref _turn, Abandoned) == OwnersTurn)
            Release();
    }

    /// <summary>Works on what has come, on a thread of the pool.</summary>
    public void Work()
    {
        if (Volatile.Read(ref _turn) == AtWork)
            Authenticate();
        if (Interlocked.CompareExchange(ref _turn, OwnersTurn, AtWork) == AtWork)
            _owner.Tell(_worked, ActorRefs.NoSender);
        else
            Release();
    }

    private TlsProgress Receive()
    {
        while (true)
        {
            switch (TlsRecords.Peek(_records.Unread, out var length))
            {
                case TlsRecordStatus.Malformed:
                    return TlsProgress.Failed;
                case TlsRecordStatus.Complete:
                    _records.Release(TlsRecords.Whole(_records.Unread));
                    _turn = AtWork;
                    _pool.Enqueue(this);
                    return TlsProgress.UnderWay;
            }

            switch (_records.Fill(_connection, Math.Max(1, length - _records.Unread.Length)))
            {
                case IoStatus.WouldBlock:
                    return TlsProgress.UnderWay;
                case IoStatus.EndOfStream:
                    return TlsProgress.Ended;
                case IoStatus.Failed:
                    return TlsProgress.Broken;
            }
        }
    }

    private void Authenticate()
    {
        try
        {
            if (_authentication is null)
                _authentication = _tls.AuthenticateAsServerAsync(_terms(), CancellationToken.None);
            else
                _records.Resume();
        }
        catch (Exception failure) when (failure is CryptographicException or AuthenticationException or IOException
            or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            _authentication = Task.FromException(failure);
        }

        // A client that fails is none of the process's exceptions.
        _ = _authentication.Exception;
    }

    private void Release()
    {
        if (_isHandedOver)
            return;
        _records.End();
        _tls.Dispose();
    }
}

/// <summary>How far a <see cref="TlsHandshake"/> is.</summary>
internal enum TlsProgress : byte
{
    /// <summary>The client or a thread of the pool is at it.</summary>
    UnderWay,

    /// <summary>It is complete.</summary>
    Secured,

    /// <summary>This is no TLS, or no TLS that we agree to; the client was told so where TLS has a word for it.</summary>
    Failed,

    /// <summary>The client has sent FIN.</summary>
    Ended,

    /// <summary>The connection broke.</summary>
    Broken,
}
