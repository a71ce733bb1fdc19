namespace AkkaSocks.Proxy.Transport;

/// <summary>What a <see cref="Connection"/> tells its owner. A signal is a hint: the owner tries, and is told again.</summary>
[Flags]
internal enum Readiness : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A read may give bytes, the end of the stream, or an error.</summary>
    Readable = 1,

    /// <summary>A write may take bytes; or connecting has come to an end, well or not.</summary>
    Writable = 2,
}
