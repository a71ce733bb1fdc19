namespace AkkaSocks.Protocol;

/// <summary>
/// What a decoder made of the bytes it was given. The verdict never changes when more bytes are appended: a decoder says
/// <see cref="Done"/> or <see cref="Malformed"/> at the first byte that settles it.
/// </summary>
public enum DecodeStatus : byte
{
    /// <summary>The beginning of a message: nothing was consumed, the length is 0. Come back with these bytes and more.</summary>
    NeedMore,

    /// <summary>A whole message was read; the length says how many bytes it took, and what follows was not looked at.</summary>
    Done,

    /// <summary>No message, whatever may follow. The length counts the bytes known to belong to it.</summary>
    Malformed,
}
