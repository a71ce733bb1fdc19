using System.Net;

namespace AkkaSocks.Protocol;

/// <summary>What a client wants done (RFC 1928 §4).</summary>
/// <remarks>
/// <code>
/// +-----+-----+-----+------+----------+----------+
/// | VER | CMD | RSV | ATYP | DST.ADDR | DST.PORT |
/// |  1  |  1  |  1  |  1   | variable |    2     |
/// +-----+-----+-----+------+----------+----------+
/// </code>
/// RSV is not looked at. Any CMD is read to the end of its request: an answer sent while request bytes are still unread
/// can be lost to the reset that closing then causes.
/// </remarks>
public readonly struct Request
{
    /// <summary>Length in bytes of the longest request.</summary>
    public const int MaxLength = PrefixLength + AddressField.MaxLength;

    /// <summary>VER, CMD and RSV.</summary>
    private const int PrefixLength = 3;

    private Request(Command command, Destination destination) => (Command, Destination) = (command, destination);

    /// <summary>CMD, not necessarily a defined value.</summary>
    public Command Command { get; }

    /// <summary>DST.ADDR and DST.PORT. For UDP ASSOCIATE it is only where the client expects to send from.</summary>
    public Destination Destination { get; }

    /// <summary>Reads a request from the start of <paramref name="source"/>.</summary>
    /// <param name="source">All bytes received and not yet consumed.</param>
    /// <param name="request">The request, when <see cref="DecodeStatus.Done"/>.</param>
    /// <param name="length">Bytes consumed; of a malformed request, those known to belong to it.</param>
    /// <param name="problem">
    /// The REP for a malformed request, otherwise <see cref="ReplyCode.Succeeded"/>:
    /// <see cref="ReplyCode.GeneralFailure"/> when VER is not 05, <see cref="ReplyCode.AddressTypeNotSupported"/> as soon as
    /// an unknown ATYP is there, <see cref="ReplyCode.HostUnreachable"/> for a refused name, once the request is whole.
    /// </param>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> source, out Request request, out int length, out ReplyCode problem)
    {
        request = default;
        length = 0;
        problem = ReplyCode.Succeeded;
        if (source.IsEmpty)
            return DecodeStatus.NeedMore;

        if (source[0] != SocksVersion.Socks5)
        {
            length = 1;
            problem = ReplyCode.GeneralFailure;
            return DecodeStatus.Malformed;
        }

        if (source.Length <= PrefixLength)
            return DecodeStatus.NeedMore;

        var command = (Command)source[1];
        ReadOnlySpan<byte> field = source[PrefixLength..];
        DecodeStatus status = AddressField.TryRead(field, out Destination destination, out int fieldLength, out problem);
        if (status == DecodeStatus.NeedMore)
            return status;

        length = PrefixLength + fieldLength;
        if (status == DecodeStatus.Malformed && command == Command.UdpAssociate && IsUnknownAddressOfPySocks(field))
        {
            destination = Destination.OfAddress(IPAddress.Any, (ushort)((field[3] << 8) | field[4]));
            problem = ReplyCode.Succeeded;
            status = DecodeStatus.Done;
        }

        if (status == DecodeStatus.Done)
            request = new Request(command, destination);
        return status;
    }

    /// <summary>Writes a request, as a client does.</summary>
    /// <param name="destination">Room for the message, <see cref="MaxLength"/> bytes suffice.</param>
    /// <param name="command">CMD.</param>
    /// <param name="dst">DST.ADDR and DST.PORT.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, Command command, Destination dst)
    {
        int length = PrefixLength + AddressField.Write(destination[PrefixLength..], dst);
        destination[0] = SocksVersion.Socks5;
        destination[1] = (byte)command;
        destination[2] = 0x00;
        return length;
    }

    /// <summary>
    /// PySocks says "I do not know yet where I shall send from" (RFC 1928 §7) with the name "0", not with an address of
    /// zeros. As a destination that name is refused; in UDP ASSOCIATE nothing is ever looked up.
    /// </summary>
    private static bool IsUnknownAddressOfPySocks(ReadOnlySpan<byte> field) =>
        field.StartsWith((ReadOnlySpan<byte>)[(byte)AddressType.DomainName, 1, (byte)'0']);
}
