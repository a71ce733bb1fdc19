using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;

namespace AkkaSocks.Proxy.Sessions.Handshakes;

/// <summary>What comes next in a <see cref="Handshake"/>.</summary>
internal enum HandshakeMove : byte
{
    /// <summary>The message is incomplete; nothing was consumed.</summary>
    NeedMore,

    /// <summary>Read on: what was received may hold the next message.</summary>
    GoOn,

    /// <summary>The client says who it is: judge the <see cref="HandshakeStep.Credentials"/>.</summary>
    Login,

    /// <summary>The client has said what it wants.</summary>
    Request,

    /// <summary>What the client wants is not to be understood: to be replied so.</summary>
    BadRequest,

    /// <summary>An HTTP request that is no CONNECT: it and those behind it are to be forwarded; nothing was consumed.</summary>
    Forward,

    /// <summary>It is over. The answer, if any, has said so to the client.</summary>
    Refused,
}

/// <summary>One step of a <see cref="Handshake"/>: what was understood, and what to do.</summary>
internal readonly record struct HandshakeStep
{
    /// <summary>What comes next.</summary>
    public required HandshakeMove Move { get; init; }

    /// <summary>Bytes understood: to be dropped from the front.</summary>
    public int Consumed { get; init; }

    /// <summary>Bytes written into the answer.</summary>
    public int Answered { get; init; }

    /// <summary>Why, when <see cref="HandshakeMove.Refused"/> or <see cref="HandshakeMove.BadRequest"/>.</summary>
    public Refusal Refusal { get; init; }

    /// <summary>The receiver's to dispose of, when <see cref="HandshakeMove.Login"/>.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>What is wanted, when <see cref="HandshakeMove.Request"/>.</summary>
    public Command Command { get; init; }

    /// <summary>Where to, when <see cref="HandshakeMove.Request"/> or <see cref="HandshakeMove.Forward"/>.</summary>
    public Destination Destination { get; init; }

    /// <summary>SHA-256 of the credentials as they were said, when <see cref="HandshakeMove.Forward"/>: each request must say the
    /// same. Empty when none were wanted.</summary>
    public ReadOnlyMemory<byte> Proof { get; init; }

    /// <summary>The message is incomplete.</summary>
    public static HandshakeStep NeedMore => new() { Move = HandshakeMove.NeedMore };
}
