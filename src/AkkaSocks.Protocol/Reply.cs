using System.Net;

namespace AkkaSocks.Protocol;

/// <summary>The server's answer to a <see cref="Request"/> (RFC 1928 §6).</summary>
/// <remarks>
/// <code>
/// +-----+-----+-----+------+----------+----------+
/// | VER | REP | RSV | ATYP | BND.ADDR | BND.PORT |
/// |  1  |  1  |  1  |  1   | variable |    2     |
/// +-----+-----+-----+------+----------+----------+
/// </code>
/// </remarks>
public static class Reply
{
    /// <summary>Length in bytes of the longest reply.</summary>
    public const int MaxLength = PrefixLength + AddressField.MaxLength;

    /// <summary>VER, REP and RSV.</summary>
    private const int PrefixLength = 3;

    /// <summary>Writes a reply.</summary>
    /// <param name="destination">Room for the message, <see cref="MaxLength"/> bytes suffice.</param>
    /// <param name="code">REP.</param>
    /// <param name="bound">
    /// BND.ADDR and BND.PORT. Null, as for every failure, gives 0.0.0.0:0: ten bytes, since clients wait for at least eight
    /// before they look at REP.
    /// </param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, ReplyCode code, IPEndPoint? bound)
    {
        IPAddress address = bound?.Address ?? IPAddress.Any;
        int length = PrefixLength + AddressField.Write(destination[PrefixLength..], address, (ushort)(bound?.Port ?? 0));
        destination[0] = SocksVersion.Socks5;
        destination[1] = (byte)code;
        destination[2] = 0x00;
        return length;
    }

    /// <summary>Writes a reply whose BND.ADDR may be a name: the answer to RESOLVE_PTR.</summary>
    /// <param name="destination">Room for the message, <see cref="MaxLength"/> bytes suffice.</param>
    /// <param name="code">REP.</param>
    /// <param name="bound">BND.ADDR and BND.PORT.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, ReplyCode code, Destination bound)
    {
        int length = PrefixLength + AddressField.Write(destination[PrefixLength..], bound);
        destination[0] = SocksVersion.Socks5;
        destination[1] = (byte)code;
        destination[2] = 0x00;
        return length;
    }

    /// <summary>Reads a reply from the start of <paramref name="source"/>, as a client does.</summary>
    /// <param name="source">All bytes received and not yet consumed.</param>
    /// <param name="code">
    /// REP, not necessarily a defined value, when <see cref="DecodeStatus.Done"/>; otherwise
    /// <see cref="ReplyCode.GeneralFailure"/>, so that nothing unread looks like success.
    /// </param>
    /// <param name="bound">
    /// BND.ADDR and BND.PORT. In a failure a name that we would refuse gives 0.0.0.0:0: servers echo there what they refused.
    /// </param>
    /// <param name="length">Bytes consumed.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Malformed"/> when VER is not 05, ATYP is unknown, or a success names an unusable BND.ADDR.
    /// </returns>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> source, out ReplyCode code, out Destination bound, out int length)
    {
        code = ReplyCode.GeneralFailure;
        bound = default;
        length = 0;
        if (source.IsEmpty)
            return DecodeStatus.NeedMore;

        if (source[0] != SocksVersion.Socks5)
        {
            length = 1;
            return DecodeStatus.Malformed;
        }

        if (source.Length <= PrefixLength)
            return DecodeStatus.NeedMore;

        DecodeStatus status = AddressField.TryRead(source[PrefixLength..], out bound, out int field, out ReplyCode problem);
        if (status == DecodeStatus.NeedMore)
            return status;

        length = PrefixLength + field;
        var said = (ReplyCode)source[1];
        if (status == DecodeStatus.Malformed && (problem != ReplyCode.HostUnreachable || said == ReplyCode.Succeeded))
            return DecodeStatus.Malformed;

        code = said;
        return DecodeStatus.Done;
    }
}
