using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net.Security;
using AkkaSocks.Protocol;

namespace AkkaSocks.Mitm.Sniffing;

/// <summary>
/// What the first message of a TLS client says that matters to whoever stands between (RFC 8446 §4.1.2): the server it wants, and the
/// protocols it can speak inside.
/// </summary>
/// <remarks>
/// <code>
/// record:  16 03 xx  length(2)  fragment          the message may be spread over several records, at any point
/// message: 01  length(3)  version(2) random(32) session id(1+n) ciphers(2+n) compressions(1+n) [ extensions(2+n) ]
/// </code>
/// </remarks>
/// <param name="ServerName">The name asked for (SNI), in lower case; null without one, or where it is none that may be looked up.</param>
/// <param name="Protocols">ALPN in the client's order; empty without.</param>
/// <param name="Random">What names its handshake in a key log.</param>
internal sealed record ClientHello(string? ServerName, ImmutableArray<SslApplicationProtocol> Protocols, ClientRandom Random)
{
    private const int VersionLength = 2;
    private const int RecordHeader = 5, MessageHeader = 4;
    private const int MaxRecord = 16 * 1024;
    private const byte HandshakeRecord = 22, MajorVersion = 3, ClientHelloType = 1;
    private const int ServerNameExtension = 0, ProtocolsExtension = 16;

    /// <summary>Reads the message from the start of what was received; what comes behind it does not matter.</summary>
    /// <param name="received">All that has come so far.</param>
    /// <param name="max">Bytes that the message may have.</param>
    /// <param name="hello">The message, when it is there as a whole.</param>
    public static DecodeStatus TryRead(ReadOnlySequence<byte> received, int max, out ClientHello? hello)
    {
        hello = null;
        Span<byte> head = stackalloc byte[MessageHeader], record = stackalloc byte[RecordHeader];
        var (gathered, needed) = (0, MessageHeader);
        var rest = received;
        var fragments = ImmutableArray.CreateBuilder<ReadOnlySequence<byte>>();
        while (true)
        {
            var header = record[..(int)Math.Min(RecordHeader, rest.Length)];
            rest.Slice(0, header.Length).CopyTo(header);
            if ((header.Length > 0 && header[0] != HandshakeRecord) || (header.Length > 1 && header[1] != MajorVersion))
                return DecodeStatus.Malformed;
            if (header.Length < RecordHeader)
                return DecodeStatus.NeedMore;
            var length = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
            if (length is 0 or > MaxRecord)
                return DecodeStatus.Malformed;
            var fragment = rest.Slice(RecordHeader, Math.Min(length, rest.Length - RecordHeader));
            fragments.Add(fragment);
            if (gathered < MessageHeader)
                fragment.Slice(0, Math.Min(MessageHeader - gathered, fragment.Length)).CopyTo(head[gathered..]);
            gathered += (int)fragment.Length;
            if (gathered > 0 && head[0] != ClientHelloType)
                return DecodeStatus.Malformed;
            if (gathered >= MessageHeader)
                needed = MessageHeader + (head[1] << 16 | head[2] << 8 | head[3]);
            if (needed > max)
                return DecodeStatus.Malformed;
            if (gathered >= needed && gathered >= MessageHeader)
                return TryRead(Gather(fragments, needed).AsSpan(MessageHeader), out hello) ? DecodeStatus.Done : DecodeStatus.Malformed;
            if (fragment.Length < length)
                return DecodeStatus.NeedMore;
            rest = rest.Slice(RecordHeader + length);
        }
    }

    private static byte[] Gather(ImmutableArray<ReadOnlySequence<byte>>.Builder fragments, int length)
    {
        var message = new byte[length];
        var at = 0;
        foreach (var fragment in fragments)
        {
            var taken = (int)Math.Min(fragment.Length, length - at);
            fragment.Slice(0, taken).CopyTo(message.AsSpan(at));
            at += taken;
        }

        return message;
    }

    private static bool TryRead(ReadOnlySpan<byte> body, out ClientHello? hello)
    {
        hello = null;
        var fields = new Fields(body);
        if (!fields.TrySkip(VersionLength + ClientRandom.Length) || !fields.TryTake(1, out _) || !fields.TryTake(2, out _) || !fields.TryTake(1, out _))
            return false;
        string? serverName = null;
        ImmutableArray<SslApplicationProtocol> protocols = [];
        if (!fields.IsAtEnd)
        {
            if (!fields.TryTake(2, out var extensions) || !fields.IsAtEnd)
                return false;
            var each = new Fields(extensions);
            while (!each.IsAtEnd)
            {
                if (!each.TryNumber(out var type) || !each.TryTake(2, out var content))
                    return false;
                if ((type == ServerNameExtension && !TryReadServerName(content, out serverName))
                    || (type == ProtocolsExtension && !TryReadProtocols(content, out protocols)))
                    return false;
            }
        }

        hello = new ClientHello(serverName, protocols, ClientRandom.Of(body[VersionLength..]));
        return true;
    }

    /// <summary>RFC 6066 §3: a list of one name, of the type that is a host's.</summary>
    private static bool TryReadServerName(ReadOnlySpan<byte> content, out string? name)
    {
        name = null;
        var list = new Fields(content);
        if (!list.TryTake(2, out var names) || !list.IsAtEnd)
            return false;
        var first = new Fields(names);
        if (!first.TrySkip(1) || !first.TryTake(2, out var host))
            return false;
        if (names[0] == 0 && Destination.TryOfName(host, 0, out var destination))
            name = destination.HostName;
        return true;
    }

    /// <summary>RFC 7301 §3.1.</summary>
    private static bool TryReadProtocols(ReadOnlySpan<byte> content, out ImmutableArray<SslApplicationProtocol> protocols)
    {
        protocols = [];
        var list = new Fields(content);
        if (!list.TryTake(2, out var names) || !list.IsAtEnd)
            return false;
        var each = new Fields(names);
        var found = ImmutableArray.CreateBuilder<SslApplicationProtocol>();
        while (!each.IsAtEnd)
        {
            if (!each.TryTake(1, out var name) || name.IsEmpty)
                return false;
            found.Add(new SslApplicationProtocol(name.ToArray()));
        }

        protocols = found.ToImmutable();
        return true;
    }

    /// <summary>Fields with a length before them.</summary>
    private ref struct Fields(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public bool TrySkip(int count)
        {
            if (_rest.Length < count)
                return false;
            _rest = _rest[count..];
            return true;
        }

        public bool TryNumber(out int number)
        {
            number = 0;
            if (_rest.Length < 2)
                return false;
            number = BinaryPrimitives.ReadUInt16BigEndian(_rest);
            _rest = _rest[2..];
            return true;
        }

        public bool TryTake(int lengthBytes, out ReadOnlySpan<byte> field)
        {
            field = default;
            if (_rest.Length < lengthBytes)
                return false;
            var length = lengthBytes == 1 ? _rest[0] : BinaryPrimitives.ReadUInt16BigEndian(_rest);
            if (_rest.Length - lengthBytes < length)
                return false;
            field = _rest.Slice(lengthBytes, length);
            _rest = _rest[(lengthBytes + length)..];
            return true;
        }
    }
}
