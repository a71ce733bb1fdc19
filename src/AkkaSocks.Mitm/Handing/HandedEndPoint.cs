using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace AkkaSocks.Mitm.Handing;

/// <summary>Where Kestrel believes to listen: no address, connections are handed over.</summary>
/// <param name="name">For diagnostics.</param>
internal sealed class HandedEndPoint(string name) : EndPoint, IConnectionListener
{
    private readonly Channel<ConnectionContext> _waiting = Channel.CreateUnbounded<ConnectionContext>();

    /// <inheritdoc/>
    EndPoint IConnectionListener.EndPoint => this;

    /// <summary>Hands a connection over.</summary>
    /// <returns>False when no more are taken.</returns>
    public bool TryHand(ConnectionContext connection) => _waiting.Writer.TryWrite(connection);

    /// <summary>Takes no more.</summary>
    public void Stop() => _waiting.Writer.TryComplete();

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

    /// <inheritdoc/>
    public override string ToString() => name;
}
