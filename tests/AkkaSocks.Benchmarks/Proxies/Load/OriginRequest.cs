using System.Runtime.InteropServices;

namespace AkkaSocks.Benchmarks.Proxies.Load;

/// <summary>
/// What a client asks of the origin: the first 16 bytes of every stream.
/// <code>
/// +------+----------+---------------------+
/// | verb | 7 × zero | length (LE, 8 bytes)|
/// +------+----------+---------------------+
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct OriginRequest(OriginVerb verb, long length)
{
    public const int Size = 16;

    public OriginVerb Verb = verb;
    public long Length = length;
}

/// <summary>The first byte of an <see cref="OriginRequest"/>.</summary>
internal enum OriginVerb : byte
{
    /// <summary>No request read yet.</summary>
    None = 0,

    /// <summary>Send back everything, the request included, until the client closes.</summary>
    Echo = (byte)'E',

    /// <summary>Send back the request and close. The origin closes first, so that no TIME_WAIT stays on the proxy's outgoing
    /// port: proxies that bind an address and port 0 would run out of ports and be measured searching for one.</summary>
    EchoOnce = (byte)'O',

    /// <summary>Send <see cref="OriginRequest.Length"/> bytes of the pattern.</summary>
    Source = (byte)'S',

    /// <summary>Read and drop.</summary>
    Sink = (byte)'K',

    /// <summary>Read <see cref="OriginRequest.Length"/> bytes, compare them with the pattern, and answer with a request of this
    /// verb whose length is the number of bytes that were right before the first wrong one.</summary>
    Check = (byte)'C',
}
