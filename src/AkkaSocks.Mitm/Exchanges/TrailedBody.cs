using System.Net.Http.Headers;
using System.Text;

namespace AkkaSocks.Mitm.Exchanges;

/// <summary>
/// A body in chunked coding (RFC 9112 §7.1), the trailer section of its origin behind it: over HTTP/1.1 Kestrel writes none of its own,
/// and leaves the coding to whoever sets Transfer-Encoding.
/// </summary>
/// <param name="body">The body as it is.</param>
/// <param name="trailer">Its trailer, there when the body has been read.</param>
internal sealed class TrailedBody(Stream body, HttpResponseHeaders trailer) : ReadingStream
{
    // Six digits and CRLF before the bytes, CRLF behind them.
    private const int SizeDigits = 6, Before = SizeDigits + 2, Behind = 2;

    private ReadOnlyMemory<byte>? _end;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no room for a chunk: it is read by the forwarder, which brings 64 KiB.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_end is { } left)
            return End(left, buffer);

        // To wait without holding a buffer.
        if (buffer.IsEmpty)
            return await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (buffer.Length is <= Before + Behind or >= 1 << (4 * SizeDigits))
            throw new ArgumentException("No room for a chunk.", nameof(buffer));
        var read = await body.ReadAsync(buffer[Before..^Behind], cancellationToken).ConfigureAwait(false);
        if (read == 0)
            return End(Encoding.Latin1.GetBytes($"0\r\n{string.Concat(trailer.NonValidated.Select(Line))}\r\n"), buffer);
        Encoding.ASCII.GetBytes(read.ToString("X6", null) + "\r\n", buffer.Span);
        "\r\n"u8.CopyTo(buffer.Span[(Before + read)..]);
        return Before + read + Behind;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }

    private int End(ReadOnlyMemory<byte> left, Memory<byte> buffer)
    {
        var taken = Math.Min(left.Length, buffer.Length);
        left[..taken].CopyTo(buffer);
        _end = left[taken..];
        return taken;
    }

    private static string Line(KeyValuePair<string, HeaderStringValues> field) =>
        string.Concat(field.Value.Select(value => $"{field.Key}: {value}\r\n"));
}
