using System.Net.Sockets;

namespace AkkaSocks.Proxy.Transport;

/// <summary>What one non-blocking read or write did.</summary>
/// <param name="Bytes">Bytes moved; 0 unless <see cref="Status"/> is <see cref="IoStatus.Done"/>.</param>
/// <param name="Status">What happened.</param>
/// <param name="Error">The cause when <see cref="Status"/> is <see cref="IoStatus.Failed"/>.</param>
internal readonly record struct IoResult(int Bytes, IoStatus Status, SocketError Error)
{
    /// <summary>Nothing can be moved now; the owner is told when it is worth another try.</summary>
    public static readonly IoResult WouldBlock = new(0, IoStatus.WouldBlock, SocketError.Success);

    /// <summary>The other side has sent FIN and all its bytes were read.</summary>
    public static readonly IoResult EndOfStream = new(0, IoStatus.EndOfStream, SocketError.Success);

    /// <summary>Bytes were moved.</summary>
    public static IoResult Done(int bytes) => new(bytes, IoStatus.Done, SocketError.Success);

    /// <summary>The connection is unusable.</summary>
    public static IoResult Failed(SocketError error) => new(0, IoStatus.Failed, error);
}

/// <summary>The kinds of <see cref="IoResult"/>.</summary>
internal enum IoStatus : byte
{
    /// <summary>At least one byte was moved.</summary>
    Done,

    /// <summary>Nothing now.</summary>
    WouldBlock,

    /// <summary>No more bytes will come.</summary>
    EndOfStream,

    /// <summary>The connection broke.</summary>
    Failed,
}
