using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Relays;

/// <summary>What an <see cref="UdpAssociation"/> wants done with a datagram.</summary>
internal readonly ref struct UdpStep
{
    private UdpStep(UdpMove move, DatagramDrop drop, DatagramAddress to, int header, UdpName? name)
    {
        Move = move;
        Drop = drop;
        To = to;
        Header = header;
        Name = name;
    }

    /// <summary>What.</summary>
    public UdpMove Move { get; }

    /// <summary>Why it is dropped.</summary>
    public DatagramDrop Drop { get; }

    /// <summary>Where it is sent.</summary>
    public DatagramAddress To { get; }

    /// <summary>Bytes of the header to take off its front, from a client, or to put there, from a destination.</summary>
    public int Header { get; }

    /// <summary>What is to be looked up.</summary>
    public UdpName? Name { get; }

    /// <summary>Send it on.</summary>
    public static UdpStep Sent(DatagramAddress to, int header) => new(UdpMove.Send, DatagramDrop.None, to, header, null);

    /// <summary>Drop it.</summary>
    public static UdpStep Dropped(DatagramDrop why) => new(UdpMove.Drop, why, default, 0, null);

    /// <summary>Nothing: it waits for a lookup in flight.</summary>
    public static UdpStep Held => new(UdpMove.Hold, DatagramDrop.None, default, 0, null);

    /// <summary>Look a name up, for which it waits.</summary>
    public static UdpStep LookedUp(UdpName name) => new(UdpMove.LookUp, DatagramDrop.None, default, 0, name);
}

/// <summary>The kinds of <see cref="UdpStep"/>.</summary>
internal enum UdpMove : byte
{
    /// <summary>Send it on.</summary>
    Send,

    /// <summary>Drop it.</summary>
    Drop,

    /// <summary>It was kept.</summary>
    Hold,

    /// <summary>It was kept, and a name is to be looked up.</summary>
    LookUp,
}
