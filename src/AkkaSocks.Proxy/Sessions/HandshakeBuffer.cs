using System.Buffers;
using AkkaSocks.Proxy.Transport;

namespace AkkaSocks.Proxy.Sessions;

/// <summary>
/// What a client has sent and the session has not consumed yet: at most 1 KiB (no message of SOCKS is longer than 513 bytes)
/// unless its protocol needs more, rented when the first byte arrives and cleared when given back, since it may have held a password.
/// </summary>
internal struct HandshakeBuffer
{
    /// <summary>Bytes it holds before anything is known of the client.</summary>
    public const int Smallest = 1024;

    private byte[]? _bytes;
    private int _start, _end, _limit;

    /// <summary>The client has sent FIN: what is here is all there will be.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Bytes it may hold; memory beyond <see cref="Smallest"/> is taken only when it is needed.</summary>
    public int Limit
    {
        readonly get => Math.Max(_limit, Smallest);
        set => _limit = value;
    }

    /// <summary>The bytes not consumed.</summary>
    public readonly ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>The same, until more is taken.</summary>
    public readonly ReadOnlyMemory<byte> UnreadMemory => _bytes.AsMemory(_start, _end - _start);

    /// <summary>Takes what the client has sent, as far as there is room.</summary>
    /// <returns>What ended it: nothing left to read (also when there is no room left), end of stream, or a broken connection.</returns>
    public IoStatus Fill(Connection client)
    {
        while (!HasEnded && client.IsReadable)
        {
            var room = MakeRoom();
            if (room == 0)
                return IoStatus.WouldBlock;
            var read = client.Read(_bytes.AsSpan(_end, room));
            if (read.Status == IoStatus.EndOfStream)
                HasEnded = true;
            if (read.Status != IoStatus.Done)
                return read.Status;
            _end += read.Bytes;
        }

        return IoStatus.WouldBlock;
    }

    /// <summary>Drops bytes from the front: they have been understood.</summary>
    public void Consume(int length) => _start += length;

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        if (_bytes is null)
            return;
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = null;
        _start = _end = 0;
    }

    /// <returns>Bytes that can be taken behind those that are there.</returns>
    private int MakeRoom()
    {
        _bytes ??= ArrayPool<byte>.Shared.Rent(Smallest);
        if (_start > 0)
        {
            Unread.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == Math.Min(_bytes.Length, Limit) && _bytes.Length < Limit)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(Limit, _bytes.Length * 4));
            Unread.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
            _bytes = larger;
        }

        return Math.Min(_bytes.Length, Limit) - _end;
    }
}
