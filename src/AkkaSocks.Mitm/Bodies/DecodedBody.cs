using System.IO.Compression;
using AkkaSocks.Mitm.Exchanges;
using Microsoft.Extensions.Primitives;

namespace AkkaSocks.Mitm.Bodies;

/// <summary>A body without its content codings (RFC 9110 §8.4). What becomes too much of too little ends it.</summary>
internal sealed class DecodedBody : ReadingStream
{
    // Two are in use nowhere, and each multiplies what a bomb can do.
    private const int MaxCodings = 2;

    // Where a ratio says nothing yet: a page of blanks is no bomb.
    private const long Harmless = 1024 * 1024;

    private readonly Measured _coded;
    private readonly Stream _decoded;
    private readonly int _maxRatio;
    private long _length;

    private DecodedBody(Measured coded, Stream decoded, int maxRatio) => (_coded, _decoded, _maxRatio) = (coded, decoded, maxRatio);

    /// <summary>Undoes the codings of a body.</summary>
    /// <param name="body">What comes.</param>
    /// <param name="contentEncoding">The field.</param>
    /// <param name="maxRatio">How many times its size it may become.</param>
    /// <returns>Null when a coding is not known; the body itself when there is none.</returns>
    public static Stream? TryOpen(Stream body, StringValues contentEncoding, int maxRatio)
    {
        var codings = contentEncoding
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            .Select(coding => coding.ToLowerInvariant())
            .ToList();
        if (codings.Count == 0)
            return body;
        if (codings.Count > MaxCodings || !codings.TrueForAll(coding => coding is "gzip" or "x-gzip" or "deflate" or "br"))
            return null;
        var coded = new Measured(body);
        Stream decoded = coded;
        for (var i = codings.Count - 1; i >= 0; i--)
        {
            decoded = codings[i] switch
            {
                "br" => new BrotliStream(decoded, CompressionMode.Decompress),
                "deflate" => new ZLibStream(decoded, CompressionMode.Decompress),
                _ => new GZipStream(decoded, CompressionMode.Decompress),
            };
        }

        return new DecodedBody(coded, decoded, maxRatio);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _decoded.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _length += read;
        if (_length > Harmless && _length / _maxRatio > _coded.Length)
            throw new InvalidDataException($"A body of {_coded.Length} bytes became more than {_maxRatio} times as long.");
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _decoded.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>A body, and how much of it has come.</summary>
    private sealed class Measured(Stream body) : ReadingStream
    {
        private long _length;

        public override long Length => _length;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            _length += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                body.Dispose();
            base.Dispose(disposing);
        }
    }
}
