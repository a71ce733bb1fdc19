using System.Buffers;
using System.Text;

namespace AkkaSocks.Protocol;

/// <summary>What the fields of a <see cref="HttpRequestHead"/> amount to: its framing, and where the credentials stand.</summary>
internal struct HttpFields
{
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // A control character in a value ends a line for somebody.
    private static readonly SearchValues<byte> ControlBytes = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(it => it != '\t').Append(0x7F).Select(it => (byte)it)]);

    private int _count;
    private long _length;
    private bool _hasHost, _hasLength, _isChunked, _hasAuthorization;

    /// <summary>For the first field.</summary>
    public HttpFields()
    {
    }

    /// <summary>Connection or Proxy-Connection says close.</summary>
    public bool SaysClose { get; private set; }

    /// <summary>Connection or Proxy-Connection says keep-alive.</summary>
    public bool SaysKeepAlive { get; private set; }

    /// <summary>The value of Proxy-Authorization; empty without.</summary>
    public Range Authorization { get; private set; } = ..0;

    /// <summary>A body follows.</summary>
    public readonly bool HasBody => _isChunked || _length > 0;

    /// <summary>Whether these bytes are a token (RFC 9110 §5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && !bytes.ContainsAnyExcept(TokenBytes);

    /// <summary>Takes a field line.</summary>
    /// <param name="source">The head.</param>
    /// <param name="range">The line within it, without its LF.</param>
    /// <returns><see cref="HttpStatus.Ok"/>, or what is wrong with it.</returns>
    public HttpStatus Add(ReadOnlySpan<byte> source, Range range)
    {
        var line = source[range];
        if (++_count > HttpRequestHead.MaxFields)
            return HttpStatus.HeadTooLarge;
        if (line is not [.., (byte)'\r'] || line[..^1].ContainsAny(ControlBytes))
            return HttpStatus.BadRequest;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || !IsToken(line[..colon]))
            return HttpStatus.BadRequest;

        var name = line[..colon];
        var start = colon + 1;
        var end = line.Length - 1;
        while (start < end && line[start] is (byte)' ' or (byte)'\t')
            start++;
        while (end > start && line[end - 1] is (byte)' ' or (byte)'\t')
            end--;
        var value = line[start..end];
        var isGood = name.Length switch
        {
            4 when Is(name, "host"u8) => TryOnce(ref _hasHost),
            10 when Is(name, "connection"u8) => TakeConnection(value),
            14 when Is(name, "content-length"u8) => TryTakeLength(value),
            16 when Is(name, "proxy-connection"u8) => TakeConnection(value),
            17 when Is(name, "transfer-encoding"u8) => TryOnce(ref _isChunked) && Is(value, "chunked"u8),
            19 when Is(name, "proxy-authorization"u8) => TryOnce(ref _hasAuthorization),
            _ => true,
        };
        if (_hasAuthorization && name.Length == 19 && Is(name, "proxy-authorization"u8))
            Authorization = (range.Start.Value + start)..(range.Start.Value + end);
        return isGood ? HttpStatus.Ok : HttpStatus.BadRequest;
    }

    /// <summary>What is wrong with all fields together.</summary>
    public readonly HttpStatus Problem(bool isVersion10) =>
        _isChunked && (_hasLength || isVersion10) ? HttpStatus.BadRequest : HttpStatus.Ok;

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(text, lower);

    private static bool TryOnce(ref bool seen)
    {
        var isFirst = !seen;
        seen = true;
        return isFirst;
    }

    private bool TakeConnection(ReadOnlySpan<byte> value)
    {
        foreach (var option in value.Split((byte)','))
        {
            var text = value[option].Trim(" \t"u8);
            SaysClose |= Is(text, "close"u8);
            SaysKeepAlive |= Is(text, "keep-alive"u8);
        }

        return true;
    }

    /// <summary>Digits and nothing else: no sign, no list, no space. A repeated field must repeat the number.</summary>
    private bool TryTakeLength(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length > 18 || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        long length = 0;
        foreach (var digit in value)
            length = (length * 10) + (digit - '0');
        if (_hasLength && length != _length)
            return false;
        (_hasLength, _length) = (true, length);
        return true;
    }
}
