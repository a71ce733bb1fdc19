using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace AkkaSocks.Protocol.Tests;

/// <summary>
/// A second reading of RFC 1928, RFC 1929 and the SOCKS4 memos, slow and plain, to compare with: one byte at a time, names by regular
/// expressions, IPv6 by the grammar of RFC 3986 §3.2.2.
/// </summary>
internal static partial class ReferenceParser
{
    private const string DecOctet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private const string Quad = $@"({DecOctet}\.){{3}}{DecOctet}";
    private const string H16 = "[0-9A-Fa-f]{1,4}";
    private const string Ls32 = $"({H16}:{H16}|{Quad})";

    private const string IPv6 = $"(({H16}:){{6}}{Ls32}|::({H16}:){{5}}{Ls32}|({H16})?::({H16}:){{4}}{Ls32}"
        + $"|(({H16}:){{0,1}}{H16})?::({H16}:){{3}}{Ls32}|(({H16}:){{0,2}}{H16})?::({H16}:){{2}}{Ls32}"
        + $"|(({H16}:){{0,3}}{H16})?::{H16}:{Ls32}|(({H16}:){{0,4}}{H16})?::{Ls32}"
        + $"|(({H16}:){{0,5}}{H16})?::{H16}|(({H16}:){{0,6}}{H16})?::)";

    internal static Decoded Decode(Message message, byte[] bytes)
    {
        var input = new Queue<byte>(bytes);
        try
        {
            (bool ok, string value) = message switch
            {
                Message.Greeting => ReadGreeting(input),
                Message.Credentials => ReadCredentials(input),
                Message.Request => ReadRequest(input),
                Message.Reply => ReadReply(input),
                Message.Socks4Request => ReadSocks4Request(input),
                _ => ReadUdpHeader(input),
            };
            int length = ok || message != Message.UdpHeader ? bytes.Length - input.Count : 0;
            return new Decoded(ok ? DecodeStatus.Done : DecodeStatus.Malformed, length, value);
        }
        catch (InvalidOperationException)
        {
            // The queue ran empty.
            return message == Message.UdpHeader
                ? new Decoded(DecodeStatus.Malformed, 0, "0 0.0.0.0:0")
                : new Decoded(DecodeStatus.NeedMore, 0, message switch
                {
                    Message.Request or Message.Socks4Request => "0 0.0.0.0:0 Succeeded",
                    Message.Reply => "GeneralFailure 0.0.0.0:0",
                    _ => "",
                });
        }
    }

    private static (bool, string) ReadGreeting(Queue<byte> input) => input.Dequeue() != 5
        ? (false, "")
        : (true, string.Join(' ', Take(input, input.Dequeue()).Distinct().Order().Where(method => method != 255)));

    private static (bool, string) ReadCredentials(Queue<byte> input) => input.Dequeue() != 1
        ? (false, "")
        : (true, $"{Convert.ToHexString(Take(input, input.Dequeue()))} {Convert.ToHexString(Take(input, input.Dequeue()))}");

    private static (bool, string) ReadRequest(Queue<byte> input)
    {
        if (input.Dequeue() != 5)
            return (false, "0 0.0.0.0:0 GeneralFailure");

        var command = (Command)input.Dequeue();
        input.Dequeue();
        (string? host, ReplyCode problem, string raw) = ReadHost(input);
        if (problem == ReplyCode.AddressTypeNotSupported)
            return (false, $"0 0.0.0.0:0 {problem}");

        int port = ReadPort(input);
        if (command == Command.UdpAssociate && host is null && raw == "0")
            host = "0.0.0.0";
        return host is null ? (false, $"0 0.0.0.0:0 {problem}") : (true, $"{command} {host}:{port} Succeeded");
    }

    private static (bool, string) ReadReply(Queue<byte> input)
    {
        if (input.Dequeue() != 5)
            return (false, "GeneralFailure 0.0.0.0:0");

        var code = (ReplyCode)input.Dequeue();
        input.Dequeue();
        (string? host, ReplyCode problem, _) = ReadHost(input);
        if (problem == ReplyCode.AddressTypeNotSupported)
            return (false, "GeneralFailure 0.0.0.0:0");

        int port = ReadPort(input);
        if (host is null)
            return code == 0 ? (false, "GeneralFailure 0.0.0.0:0") : (true, $"{code} 0.0.0.0:0");
        return (true, $"{code} {host}:{port}");
    }

    private static (bool, string) ReadSocks4Request(Queue<byte> input)
    {
        if (input.Dequeue() != 4)
            return (false, "0 0.0.0.0:0 GeneralFailure");

        var command = (Command)input.Dequeue();
        int port = ReadPort(input);
        byte[] address = Take(input, 4);
        if (ReadToNul(input) is null)
            return (false, "0 0.0.0.0:0 GeneralFailure");
        if (address is not [0, 0, 0, > 0])
            return (true, $"{command} {new IPAddress(address)}:{port} Succeeded");
        if (ReadToNul(input) is not { } raw)
            return (false, "0 0.0.0.0:0 GeneralFailure");

        return HostOfName(raw) is { } host ? (true, $"{command} {host}:{port} Succeeded") : (false, "0 0.0.0.0:0 HostUnreachable");
    }

    /// <summary>At most 255 octets and a NUL; null when the 256th is none.</summary>
    private static string? ReadToNul(Queue<byte> input)
    {
        var text = new StringBuilder();
        while (input.Dequeue() is var octet and not 0)
        {
            text.Append((char)octet);
            if (text.Length == 256)
                return null;
        }

        return text.ToString();
    }

    private static (bool, string) ReadUdpHeader(Queue<byte> input)
    {
        Take(input, 2);
        byte fragment = input.Dequeue();
        (string? host, _, _) = ReadHost(input);
        int port = host is null ? 0 : ReadPort(input);
        return port == 0 ? (false, "0 0.0.0.0:0") : (true, $"{fragment} {host}:{port}");
    }

    private static (string? Host, ReplyCode Problem, string Raw) ReadHost(Queue<byte> input)
    {
        switch (input.Dequeue())
        {
            case 1:
                return (new IPAddress(Take(input, 4)).ToString(), default, "");
            case 4:
                return (Text(new IPAddress(Take(input, 16))), default, "");
            case 3:
                string raw = Encoding.Latin1.GetString(Take(input, input.Dequeue()));
                return (HostOfName(raw), ReplyCode.HostUnreachable, raw);
            default:
                return (null, ReplyCode.AddressTypeNotSupported, "");
        }
    }

    /// <summary>The host a name stands for, as it is printed; null if refused.</summary>
    internal static string? HostOfName(string name)
    {
        if (QuadPattern().IsMatch(name) || IPv6Pattern().IsMatch(name))
            return Text(IPAddress.Parse(name));

        string relative = name.EndsWith('.') ? name[..^1] : name;
        return relative.Length <= 253 && NamePattern().IsMatch(relative) && !NumberPattern().IsMatch(relative)
            ? relative.ToLowerInvariant() : null;
    }

    private static string Text(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? $"{address.MapToIPv4()}"
        : address.GetAddressBytes().Length == 4 ? $"{address}"
        : $"[{address}]";

    private static int ReadPort(Queue<byte> input) => (input.Dequeue() * 256) + input.Dequeue();

    private static byte[] Take(Queue<byte> input, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => input.Dequeue())];

    [GeneratedRegex($@"\A{Quad}\z")]
    private static partial Regex QuadPattern();

    [GeneratedRegex($@"\A{IPv6}\z")]
    private static partial Regex IPv6Pattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,63}(\.[a-zA-Z0-9_-]{1,63})*\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"(\A|\.)([0-9]+|0[xX][0-9a-fA-F]*)\z")]
    private static partial Regex NumberPattern();
}
