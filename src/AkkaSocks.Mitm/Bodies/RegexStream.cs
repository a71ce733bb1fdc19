using System.Text;
using System.Text.RegularExpressions;
using AkkaSocks.Mitm.Exchanges;

namespace AkkaSocks.Mitm.Bodies;

/// <summary>A body in which a regex is replaced: held until all of it is there; one that is too long passes as it is.</summary>
internal sealed class RegexStream(Stream body, Regex regex, string with, int maxSize) : ReadingStream
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlyMemory<byte>? _held;
    private bool _ended;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _held ??= await GatherAsync(cancellationToken).ConfigureAwait(false);
        if (_held.Value.IsEmpty)
            return _ended ? 0 : await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        var count = Math.Min(buffer.Length, _held.Value.Length);
        _held.Value[..count].CopyTo(buffer);
        _held = _held.Value[count..];
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }

    private async Task<ReadOnlyMemory<byte>> GatherAsync(CancellationToken cancel)
    {
        var all = new MemoryStream();
        var piece = new byte[Math.Min(maxSize + 1, 16 * 1024)];
        while (all.Length <= maxSize)
        {
            var read = await body.ReadAsync(piece, cancel).ConfigureAwait(false);
            if (read == 0)
            {
                _ended = true;
                return Replace(all.GetBuffer().AsSpan(0, (int)all.Length));
            }

            all.Write(piece, 0, read);
        }

        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    /// <summary>Bytes that are no UTF-8 are taken for Latin-1, which keeps every byte that is not replaced.</summary>
    private byte[] Replace(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetBytes(regex.Replace(StrictUtf8.GetString(bytes), with));
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetBytes(regex.Replace(Encoding.Latin1.GetString(bytes), with));
        }
    }
}
