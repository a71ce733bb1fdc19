using System.Buffers.Binary;
using System.Net;

namespace AkkaSocks.Protocol;

/// <summary>What a SOCKS4 client wants done: its first and only message (SOCKS protocol version 4, Ying-Da Lee, and its extension 4A).
/// </summary>
/// <remarks>
/// <code>
/// +----+----+---------+-------+----------+------+----------+------+
/// | VN | CD | DSTPORT | DSTIP |  USERID  | NULL |   name   | NULL |
/// | 1  | 1  |    2    |   4   | variable |  1   | variable |  1   |
/// +----+----+---------+-------+----------+------+----------+------+
///                                                \── only in 4A ──/
/// </code>
/// A DSTIP of 0.0.0.x, x not 0, announces a name (4A). USERID is passed over: it is what a client says of itself, and nobody has
/// verified it. Any CD is read to the end of its request, as in <see cref="Request"/>.
/// </remarks>
public readonly struct Socks4Request
{
    /// <summary>Length in bytes of the longest request.</summary>
    public const int MaxLength = PrefixLength + MaxTextLength + 1 + MaxTextLength + 1;

    /// <summary>VN, CD, DSTPORT and DSTIP.</summary>
    private const int PrefixLength = 8;

    /// <summary>Octets of the longest USERID or name: the memo has no limit, SOCKS5 has this one for both.</summary>
    private const int MaxTextLength = byte.MaxValue;

    private Socks4Request(Command command, Destination destination) => (Command, Destination) = (command, destination);

    /// <summary>CD, not necessarily a defined value.</summary>
    public Command Command { get; }

    /// <summary>DSTIP or the name, and DSTPORT.</summary>
    public Destination Destination { get; }

    /// <summary>Reads a request from the start of <paramref name="source"/>.</summary>
    /// <param name="source">All bytes received and not yet consumed.</param>
    /// <param name="request">The request, when <see cref="DecodeStatus.Done"/>.</param>
    /// <param name="length">Bytes consumed; of a malformed request, those known to belong to it.</param>
    /// <param name="problem">
    /// The REP that says what is wrong with a malformed request, otherwise <see cref="ReplyCode.Succeeded"/>:
    /// <see cref="ReplyCode.GeneralFailure"/> when VN is not 04 or a text has no end, <see cref="ReplyCode.HostUnreachable"/> for a
    /// refused name, once the request is whole.
    /// </param>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> source, out Socks4Request request, out int length, out ReplyCode problem)
    {
        request = default;
        length = 0;
        problem = ReplyCode.Succeeded;
        if (source.IsEmpty)
            return DecodeStatus.NeedMore;

        if (source[0] != SocksVersion.Socks4)
            return Malformed(1, ReplyCode.GeneralFailure, out length, out problem);

        if (source.Length < PrefixLength)
            return DecodeStatus.NeedMore;

        switch (TryReadText(source, PrefixLength, out _, out int next))
        {
            case DecodeStatus.NeedMore:
                return DecodeStatus.NeedMore;
            case DecodeStatus.Malformed:
                return Malformed(next, ReplyCode.GeneralFailure, out length, out problem);
        }

        var command = (Command)source[1];
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        ReadOnlySpan<byte> address = source[4..PrefixLength];
        if (!AnnouncesName(address))
        {
            length = next;
            request = new Socks4Request(command, Destination.OfAddress(new IPAddress(address), port));
            return DecodeStatus.Done;
        }

        DecodeStatus status = TryReadText(source, next, out ReadOnlySpan<byte> name, out next);
        if (status == DecodeStatus.NeedMore)
            return DecodeStatus.NeedMore;
        if (status == DecodeStatus.Malformed)
            return Malformed(next, ReplyCode.GeneralFailure, out length, out problem);
        if (!Destination.TryOfName(name, port, out Destination destination))
            return Malformed(next, ReplyCode.HostUnreachable, out length, out problem);

        length = next;
        request = new Socks4Request(command, destination);
        return DecodeStatus.Done;
    }

    private static bool AnnouncesName(ReadOnlySpan<byte> address) => address[..3].IndexOfAnyExcept((byte)0) < 0 && address[3] != 0;

    /// <summary>The octets up to a NUL; malformed as soon as there are too many without one.</summary>
    private static DecodeStatus TryReadText(ReadOnlySpan<byte> source, int start, out ReadOnlySpan<byte> text, out int next)
    {
        ReadOnlySpan<byte> room = source.Slice(start, Math.Min(source.Length - start, MaxTextLength + 1));
        int end = room.IndexOf((byte)0);
        text = end < 0 ? default : room[..end];
        next = start + (end < 0 ? room.Length : end + 1);
        if (end >= 0)
            return DecodeStatus.Done;
        return room.Length > MaxTextLength ? DecodeStatus.Malformed : DecodeStatus.NeedMore;
    }

    private static DecodeStatus Malformed(int at, ReplyCode because, out int length, out ReplyCode problem)
    {
        (length, problem) = (at, because);
        return DecodeStatus.Malformed;
    }
}
