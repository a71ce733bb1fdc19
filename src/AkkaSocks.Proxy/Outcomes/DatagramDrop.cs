using System.Net.Sockets;

namespace AkkaSocks.Proxy.Outcomes;

/// <summary>Why a datagram was not relayed: a closed set. Neither side is ever told (RFC 1928 §7: silently).</summary>
internal enum DatagramDrop : byte
{
    /// <summary>It was not dropped.</summary>
    None,

    /// <summary>It came to the client's side from another address or port than the client's.</summary>
    ForeignSender,

    /// <summary>It has no header that can be read.</summary>
    Malformed,

    /// <summary>FRAG was not 0: nothing is reassembled.</summary>
    Fragment,

    /// <summary>Its destination may not be reached, or is an amplifier.</summary>
    Denied,

    /// <summary>It came from where the client has sent nothing to.</summary>
    UnknownSource,

    /// <summary>The association has used up its datagrams or bytes for now.</summary>
    Rate,

    /// <summary>The association has as many destinations as it may have.</summary>
    TooManyDestinations,

    /// <summary>The name of its destination was not resolved.</summary>
    LookupFailed,

    /// <summary>Too many lookups, or too many datagrams waiting for one.</summary>
    LookupBusy,

    /// <summary>With its header it is no datagram any more.</summary>
    TooBig,

    /// <summary>The kernel's buffer was full.</summary>
    SendBufferFull,

    /// <summary>The kernel has no way to its destination.</summary>
    Unreachable,

    /// <summary>A flow that the operator has put into its way (<c>mitm.datagrams</c>) kept it.</summary>
    Distorted,
}

/// <summary>Words and causes of a <see cref="DatagramDrop"/>.</summary>
internal static class DatagramDrops
{
    private static readonly string[] Labels = [.. Enum.GetNames<DatagramDrop>().Select(KebabCase.Of)];

    /// <summary>The name in kebab case.</summary>
    public static string ToLabel(this DatagramDrop drop) => Labels[(int)drop];

    /// <summary>The reason behind a failed send.</summary>
    public static DatagramDrop OfSend(SocketError error) => error switch
    {
        SocketError.Success => DatagramDrop.None,
        SocketError.MessageSize => DatagramDrop.TooBig,
        SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable => DatagramDrop.SendBufferFull,
        _ => DatagramDrop.Unreachable,
    };
}
