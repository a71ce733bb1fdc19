using System.Buffers;
using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport.Sockets;

/// <content>The framework has no "writable", so bytes that the kernel would not take are kept here (one rest at a time, pooled) and sent
/// in the background; until they are gone nothing more is accepted, and the end waits for them.</content>
internal sealed partial class SocketConnection
{
    private SocketAsyncEventArgs? _send;
    private byte[]? _rest;
    private int _restOffset, _restLength;
    private bool _shutdownPending;

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> from)
    {
        lock (_lock)
        {
            if (_closed || _closePending)
                return IoResult.Failed(SocketError.OperationAborted);
            if (_rest is not null)
                return IoResult.WouldBlock;
            var put = _socket.Send(from, SocketFlags.None, out var error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
                return Broke(error);
            if (error == SocketError.WouldBlock)
                put = 0;
            if (put < from.Length)
                SendLater(from[put..]);
            return IoResult.Done(from.Length);
        }
    }

    /// <inheritdoc/>
    public override void ShutdownSend()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            if (_rest is not null)
                _shutdownPending = true;
            else
                ShutdownNow();
        }
    }

    private void SendLater(ReadOnlySpan<byte> rest)
    {
        _rest = ArrayPool<byte>.Shared.Rent(rest.Length);
        rest.CopyTo(_rest);
        _restOffset = 0;
        _restLength = rest.Length;
        if (_send is null)
        {
            _send = new SocketAsyncEventArgs(true);
            _send.Completed += (_, _) => RestSent();
        }

        ContinueSending();
    }

    private void ContinueSending()
    {
        while (_restLength > 0)
        {
            _send!.SetBuffer(_rest.AsMemory(_restOffset, _restLength));
            if (_socket.SendAsync(_send))
                return;
            if (!TakeSent())
                return;
        }

        SendingIsOver();
    }

    /// <summary>Accounts for what a send did. False when the connection is of no use any more.</summary>
    private bool TakeSent()
    {
        if (_send!.SocketError != SocketError.Success)
        {
            _error = _send.SocketError;
            SendingIsOver();
            return false;
        }

        _restOffset += _send.BytesTransferred;
        _restLength -= _send.BytesTransferred;
        return true;
    }

    private void RestSent()
    {
        IConnectionOwner? owner;
        lock (_lock)
        {
            if (TakeSent())
                ContinueSending();
            owner = _rest is null ? _owner : null;
        }

        owner?.OnReady(Readiness.Writable);
    }

    private void SendingIsOver()
    {
        ArrayPool<byte>.Shared.Return(_rest!);
        _rest = null;
        _restLength = 0;
        if (_closed)
            Dispose();
        else if (_closePending)
            CloseInOrder();
        else if (_shutdownPending)
            ShutdownNow();
    }

    private void ShutdownNow()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Not connected any more: there is nobody to tell, and reading will say so.
        }
    }
}
