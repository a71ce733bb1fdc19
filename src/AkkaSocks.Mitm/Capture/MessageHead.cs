using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Mitm.Capture;

/// <summary>The first bytes of a message, and how long it is.</summary>
/// <param name="keep">Bytes that are kept.</param>
internal sealed class MessageHead(int keep)
{
    // Nobody sends that as a message; a bomb would become it.
    private const long MaxLength = 64 * 1024 * 1024;

    private readonly MemoryStream _head = new();
    private long _length;

    /// <summary>It, so far.</summary>
    public CapturedBody Body => new(_length, _head.ToArray());

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="InvalidDataException">It is too long to be one.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        if (_length > MaxLength)
            throw new InvalidDataException($"A message of more than {MaxLength} bytes.");
        if (_head.Length < keep)
            _head.Write(bytes[..(int)Math.Min(bytes.Length, keep - _head.Length)]);
    }

    /// <summary>Begins the next one.</summary>
    public void Clear()
    {
        _head.SetLength(0);
        _length = 0;
    }
}
