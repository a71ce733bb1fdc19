using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaSocks.Proxy.Tests.Egress;

/// <summary>What a <see cref="TestDnsServer"/> answers; null is silence.</summary>
/// <param name="Records">Owner, type, TTL and content: an address or a name.</param>
/// <param name="Code">RCODE.</param>
internal sealed record TestDnsAnswer((string Owner, int Type, int TimeToLive, string Content)[] Records, int Code = 0)
{
    public const int A = 1;
    public const int CName = 5;
    public const int Ptr = 12;
    public const int Aaaa = 28;

    public static readonly TestDnsAnswer Empty = new([]);
    public static readonly TestDnsAnswer ServerFailure = new([], 2);
    public static readonly TestDnsAnswer NoSuchName = new([], 3);

    /// <summary>Over UDP only the flag TC and no record is sent.</summary>
    public bool Truncated { get; init; }

    /// <summary>The question that comes back is another one.</summary>
    public bool ForAnotherQuestion { get; init; }

    public static TestDnsAnswer Of(string owner, int timeToLive, params string[] addresses) =>
        new([.. addresses.Select(a => (owner, a.Contains(':') ? Aaaa : A, timeToLive, a))]);
}

/// <summary>A DNS server on loopback, UDP and TCP at one port, that answers as it is told.</summary>
internal sealed class TestDnsServer : IDisposable
{
    private readonly Func<string, int, TestDnsAnswer?> _zone;
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TcpListener _tcp;

    /// <param name="zone">From name in lower case and type to the answer.</param>
    public TestDnsServer(Func<string, int, TestDnsAnswer?> zone)
    {
        _zone = zone;
        (_tcp, Endpoint) = BindBoth();
        _ = ServeUdpAsync();
        _ = ServeTcpAsync();
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>Each name and type asked, in order of arrival.</summary>
    public ConcurrentQueue<(string Name, int Type)> Asked { get; } = new();

    public int AskedOverTcp { get; private set; }

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    // A port that the system gave for TCP may be taken for UDP.
    private (TcpListener Tcp, IPEndPoint Endpoint) BindBoth()
    {
        for (var tries = 1; ; tries++)
        {
            var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            try
            {
                _udp.Bind(tcp.LocalEndpoint);
                return (tcp, (IPEndPoint)tcp.LocalEndpoint);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse && tries < 20)
            {
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            SocketReceiveFromResult received;
            try
            {
                received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (AnswerTo(buffer.AsSpan(0, received.ReceivedBytes), overTcp: false) is { } answer)
                _udp.SendTo(answer, received.RemoteEndPoint);
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _tcp.AcceptTcpClientAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }

            using (client)
            {
                var stream = client.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question);
                AskedOverTcp++;
                if (AnswerTo(question, overTcp: true) is not { } answer)
                    continue;

                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync(length.Concat(answer).ToArray());

                // Until the client has read it and closes.
                _ = await stream.ReadAsync(length);
            }
        }
    }

    private byte[]? AnswerTo(ReadOnlySpan<byte> message, bool overTcp)
    {
        var labels = new List<string>();
        var at = 12;
        while (message[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(message.Slice(at + 1, message[at])));
            at += 1 + message[at];
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 1)..]);
        var name = string.Join('.', labels).ToLowerInvariant();
        Asked.Enqueue((name, type));
        if (_zone(name, type) is not { } answer)
            return null;

        var cut = answer.Truncated && !overTcp;
        var records = cut ? [] : answer.Records;
        var reply = new List<byte>(message[..2].ToArray());
        reply.AddRange([(byte)(cut ? 0x83 : 0x81), (byte)(0x80 | answer.Code), 0, 1, 0, (byte)records.Length, 0, 0, 0, 0]);
        reply.AddRange(answer.ForAnotherQuestion ? Name("other.example") : Name(name));
        reply.AddRange([0, (byte)type, 0, 1]);
        foreach (var (owner, recordType, timeToLive, content) in records)
        {
            var data = recordType is TestDnsAnswer.CName or TestDnsAnswer.Ptr ? Name(content) : IPAddress.Parse(content).GetAddressBytes();
            var seconds = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(seconds, timeToLive);
            reply.AddRange([.. Name(owner), 0, (byte)recordType, 0, 1, .. seconds, 0, (byte)data.Length, .. data]);
        }

        return [.. reply];
    }

    private static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];
}
