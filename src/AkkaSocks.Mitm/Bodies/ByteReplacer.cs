using System.Buffers;

namespace AkkaSocks.Mitm.Bodies;

/// <summary>
/// Replaces bytes in a stream of pieces: what comes out does not depend on where the pieces end. Of what has come it keeps nothing
/// but what may be the beginning of a match, so a stream that pauses is not held up.
/// </summary>
internal sealed class ByteReplacer
{
    private readonly byte[] _from, _with;
    private readonly byte[] _kept;
    private int _keptLength;

    /// <summary>Replaces every occurrence, from the left, none overlapping.</summary>
    /// <param name="from">At least one byte.</param>
    /// <param name="with">What comes in its place.</param>
    public ByteReplacer(ReadOnlySpan<byte> from, ReadOnlySpan<byte> with)
    {
        ArgumentOutOfRangeException.ThrowIfZero(from.Length);
        _from = from.ToArray();
        _with = with.ToArray();
        _kept = new byte[from.Length - 1];
    }

    /// <summary>Takes the next piece.</summary>
    public void Write(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        // A match that began in earlier pieces ends within the first bytes of this one.
        while (_keptLength > 0 && !piece.IsEmpty)
        {
            var missing = _from.Length - _keptLength;
            var common = piece.CommonPrefixLength(_from.AsSpan(_keptLength));
            if (common == missing)
            {
                output.Write(_with);
                _keptLength = 0;
                piece = piece[missing..];
            }
            else if (common == piece.Length)
            {
                piece.CopyTo(_kept.AsSpan(_keptLength));
                _keptLength += piece.Length;
                return;
            }
            else
            {
                GiveUpFirst(output);
            }
        }

        while (piece.IndexOf(_from) is var at and >= 0)
        {
            output.Write(piece[..at]);
            output.Write(_with);
            piece = piece[(at + _from.Length)..];
        }

        var keep = Beginning(piece);
        output.Write(piece[..^keep]);
        piece[^keep..].CopyTo(_kept);
        _keptLength = keep;
    }

    /// <summary>There is no next piece.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        output.Write(_kept.AsSpan(0, _keptLength));
        _keptLength = 0;
    }

    /// <summary>What is kept is no match from its first byte on; it may be one from a later byte.</summary>
    private void GiveUpFirst(IBufferWriter<byte> output)
    {
        var kept = _kept.AsSpan(0, _keptLength);
        var keep = Beginning(kept[1..]);
        output.Write(kept[..^keep]);
        kept[^keep..].CopyTo(_kept);
        _keptLength = keep;
    }

    /// <summary>How many bytes at the end may be the beginning of a match.</summary>
    private int Beginning(ReadOnlySpan<byte> bytes)
    {
        for (var length = Math.Min(_from.Length - 1, bytes.Length); length > 0; length--)
        {
            if (bytes[^length..].SequenceEqual(_from.AsSpan(0, length)))
                return length;
        }

        return 0;
    }
}
