using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace AkkaSocks.Mitm.Forwarding;

/// <summary>Where Kestrel believes to listen: no address, connections are handed over.</summary>
internal sealed class HandedEndPoint : EndPoint
{
    /// <inheritdoc/>
    public override string ToString() => "handed-connections";
}

/// <summary>What Kestrel accepts: connections that sessions hand over.</summary>
internal sealed class HandedConnections : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _waiting = Channel.CreateUnbounded<ConnectionContext>();

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new HandedEndPoint();

    /// <summary>Hands a connection over.</summary>
    /// <returns>False when no more are taken.</returns>
    public bool TryHand(ConnectionContext connection) => _waiting.Writer.TryWrite(connection);

    /// <summary>Takes no more.</summary>
    public void Stop() => _waiting.Writer.TryComplete();

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_waiting.Reader.TryRead(out var connection))
                return connection;
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        Stop();
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Stop();
        return default;
    }
}
