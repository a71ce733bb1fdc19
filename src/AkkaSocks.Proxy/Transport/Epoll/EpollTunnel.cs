using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Transport.Epoll;

/// <summary>
/// Two connections of one loop joined: the loop moves the bytes, both ways, as the edges come, and nothing is held while
/// nothing moves.
/// </summary>
/// <remarks>
/// Each <see cref="TunnelDirection"/> ends by itself: end of stream at its source, all bytes delivered, FIN to its sink. When both
/// have ended the tunnel has; a broken side resets the other one, since a FIN would make a cut transfer look complete.
/// </remarks>
internal sealed class EpollTunnel : Tunnel, IConnectionOwner
{
    private readonly EventLoop _loop;
    private readonly EpollConnection _client, _destination;
    private readonly ITunnelOwner _owner;
    private TunnelDirection _up, _down;
    private long _lastActivity;
    private bool _queued, _ended;

    /// <summary>Takes over both connections, and starts at once.</summary>
    public EpollTunnel(EpollConnection client, EpollConnection destination, ReadOnlySpan<byte> prefix, ITunnelOwner owner)
    {
        _loop = client.Loop;
        _client = client;
        _destination = destination;
        _owner = owner;
        _lastActivity = Deadlines.Now;
        _up.Begin(prefix);
        client.Watch(this);
        destination.Watch(this);
        PumpSoon();
    }

    /// <inheritdoc/>
    public override long ClientToDestination => _up.Bytes;

    /// <inheritdoc/>
    public override long DestinationToClient => _down.Bytes;

    /// <inheritdoc/>
    public override long LastActivity => _lastActivity;

    /// <inheritdoc/>
    public override bool IsHalfClosed => _up.Finished != _down.Finished;

    /// <inheritdoc/>
    public void OnReady(Readiness readiness)
    {
        if (!_queued && !_ended)
            Pump();
    }

    /// <summary>The loop gives the tunnel another turn.</summary>
    public void PumpAgain()
    {
        _queued = false;
        if (!_ended)
            Pump();
    }

    /// <inheritdoc/>
    public override void Stop(SessionEnd end)
    {
        if (!_ended)
            End(end, inOrder: false);
    }

    private void PumpSoon()
    {
        _queued = true;
        _loop.PumpLater(this);
    }

    private void Pump()
    {
        var (before, wasHalfClosed) = (_up.Bytes + _down.Bytes, IsHalfClosed);
        var up = _up.Pump(_loop, _client, _destination);
        if (up is Pumped.SourceBroke or Pumped.SinkBroke)
        {
            End(up == Pumped.SourceBroke ? SessionEnd.ClientReset : SessionEnd.DestinationReset, inOrder: false);
            return;
        }

        var down = _down.Pump(_loop, _destination, _client);
        if (down is Pumped.SourceBroke or Pumped.SinkBroke)
        {
            End(down == Pumped.SourceBroke ? SessionEnd.DestinationReset : SessionEnd.ClientReset, inOrder: false);
            return;
        }

        if (_up.Finished && _down.Finished)
        {
            End(SessionEnd.Completed, inOrder: true);
            return;
        }

        if (IsHalfClosed && !wasHalfClosed)
        {
            // The second direction's FIN comes with the closing of both.
            (_up.Finished ? _destination : _client).ShutdownSend();
            _lastActivity = Deadlines.Now;
            _owner.OnHalfClosed();
        }

        if (_up.Bytes + _down.Bytes != before)
            _lastActivity = Deadlines.Now;
        if (up == Pumped.BudgetSpent || down == Pumped.BudgetSpent)
            PumpSoon();
    }

    private void End(SessionEnd end, bool inOrder)
    {
        _ended = true;
        _up.Release(_loop);
        _down.Release(_loop);
        if (inOrder)
        {
            _client.Close();
            _destination.Close();
        }
        else
        {
            _client.Reset();
            _destination.Reset();
        }

        _owner.OnEnded(end);
    }
}
