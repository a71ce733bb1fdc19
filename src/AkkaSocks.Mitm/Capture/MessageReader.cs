using System.Buffers.Binary;
using AkkaSocks.Proxy.Capture;

namespace AkkaSocks.Mitm.Capture;

/// <summary>
/// Reads the messages of a WebSocket (RFC 6455 §5) in one direction as their bytes pass, in pieces of any size. It holds up nothing and
/// keeps the first bytes of a message only.
/// </summary>
/// <param name="fromClient">The direction.</param>
/// <param name="keep">Bytes of a message that are kept.</param>
/// <param name="told">Gets each message that is whole, and each control frame.</param>
internal sealed class MessageReader(bool fromClient, int keep, Action<CapturedMessage> told) : IDisposable
{
    private const int Final = 0x80, Compressed = 0x40, OpcodeMask = 0x0f, Masked = 0x80, LengthMask = 0x7f;
    private const int FirstControl = 8;

    private readonly byte[] _header = new byte[14];
    private readonly MessageHead _message = new(keep), _control = new(keep);
    private int _headerLength, _maskAt, _opcode;
    private long _left;
    private bool _inPayload, _isCompressed;
    private MessageInflater? _inflater;

    private int NeededHeader => _headerLength < 2 ? 2 : 2 + ExtendedLength + ((_header[1] & Masked) != 0 ? 4 : 0);

    private int ExtendedLength => (_header[1] & LengthMask) switch
    {
        126 => 2,
        127 => 8,
        _ => 0,
    };

    private bool IsControl => (_header[0] & OpcodeMask) >= FirstControl;

    /// <summary>Reads the next bytes.</summary>
    /// <exception cref="InvalidDataException">They are no frames: nothing after them can be read.</exception>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        Span<byte> unmasked = stackalloc byte[1024];
        while (!bytes.IsEmpty || (_inPayload && _left == 0))
        {
            if (!_inPayload)
            {
                _header[_headerLength++] = bytes[0];
                bytes = bytes[1..];
                if (_headerLength == NeededHeader)
                    BeginPayload();
                continue;
            }

            var count = (int)Math.Min(Math.Min(bytes.Length, unmasked.Length), _left);
            Unmask(bytes[..count], unmasked);
            bytes = bytes[count..];
            _left -= count;
            Take(unmasked[..count]);
            if (_left == 0)
                EndFrame();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _inflater?.Dispose();

    private void BeginPayload()
    {
        _left = ExtendedLength switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
            8 => BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(2)),
            _ => _header[1] & LengthMask,
        };
        if (_left < 0)
            throw new InvalidDataException("A frame with a negative length.");
        _inPayload = true;
        _maskAt = 0;
        var opcode = _header[0] & OpcodeMask;
        if (opcode is 0 or >= FirstControl)
            return;
        _opcode = opcode;
        _isCompressed = (_header[0] & Compressed) != 0;
        _message.Clear();
    }

    private void Unmask(ReadOnlySpan<byte> bytes, Span<byte> unmasked)
    {
        bytes.CopyTo(unmasked);
        if ((_header[1] & Masked) == 0)
            return;
        var mask = _header.AsSpan(_headerLength - 4, 4);
        for (var i = 0; i < bytes.Length; i++)
            unmasked[i] ^= mask[_maskAt++ & 3];
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (IsControl)
            _control.Add(bytes);
        else if (_isCompressed)
            (_inflater ??= new MessageInflater()).Inflate(bytes, _message);
        else
            _message.Add(bytes);
    }

    private void EndFrame()
    {
        _inPayload = false;
        _headerLength = 0;
        if (IsControl)
        {
            told(new CapturedMessage(fromClient, DateTimeOffset.UtcNow, _header[0] & OpcodeMask, _control.Body));
            _control.Clear();
        }
        else if ((_header[0] & Final) != 0)
        {
            if (_isCompressed)
                (_inflater ??= new MessageInflater()).Finish(_message);
            told(new CapturedMessage(fromClient, DateTimeOffset.UtcNow, _opcode, _message.Body));
        }
    }
}
