namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>One client connection, in native memory; its address is its epoll tag.</summary>
internal unsafe struct Connection
{
    public const int InboxSize = 24;

    public int Fd;
    public Stage Stage;

    /// <summary>Bytes in <see cref="Inbox"/>, or received of the message awaited.</summary>
    public int Received;

    /// <summary>Stopwatch ticks at which the connection, or the round trip under way, began.</summary>
    public long Started;

    /// <summary>Bytes moved, by the bulk loads.</summary>
    public long Position;

    /// <summary>Whether this stream uploads, in the bulk load.</summary>
    public bool Uploads;

    /// <summary>The longest message awaited here is a SOCKS reply with an IPv6 address: 22 bytes.</summary>
    public fixed byte Inbox[InboxSize];
}

/// <summary>What a connection awaits.</summary>
internal enum Stage
{
    /// <summary>Not in use.</summary>
    Closed,

    /// <summary>The TCP handshake.</summary>
    Connecting,

    /// <summary>METHOD selection (RFC 1928 §3).</summary>
    Method,

    /// <summary>STATUS of the password (RFC 1929 §2).</summary>
    Status,

    /// <summary>The reply (RFC 1928 §6).</summary>
    Reply,

    /// <summary>Nothing of the proxy: the stream belongs to the measurement.</summary>
    Open,

    /// <summary>The origin's first answer.</summary>
    Answer,

    /// <summary>The origin's FIN.</summary>
    End,
}
