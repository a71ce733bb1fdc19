using System.Net;
using System.Net.Sockets;
using AkkaSocks.Proxy.Tests.Harness;
using CsCheck;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>What a random client does: bytes in chunks, with things that happen between them, and how it ends.</summary>
/// <param name="Bytes">Everything it sends.</param>
/// <param name="Cuts">Where a chunk ends, as fractions of the whole in thousandths, and what happens there.</param>
/// <param name="HoldVerdicts">A verdict waits for a <see cref="Between.Verdict"/>.</param>
/// <param name="AtOnce">What the kernel says to a dial at once, or null.</param>
/// <param name="Ending">How it ends.</param>
internal sealed record Scenario(
    byte[] Bytes, (int Where, Between What)[] Cuts, bool HoldVerdicts, SocketError? AtOnce, Between Ending)
{
    private const byte Connect = 1, Bind = 2, Resolve = 0xF0;
    private static readonly IPEndPoint Allowed = new(IPAddress.Loopback, 80), Denied = new(IPAddress.Parse("10.0.0.1"), 80);

    private static readonly byte[] Header = Wire.ProxyV2(new IPEndPoint(IPAddress.Parse("198.51.100.7"), 1), new IPEndPoint(IPAddress.Loopback, 2), 1);

    // Names that would be looked up are not among the pieces: these sessions have no network.
    private static readonly Gen<byte[]> Proper = Gen.OneOf<byte[]>(
        Wire.GreetingWithPassword,
        [5, 2, 0, 2],
        Wire.GreetingWithoutAuthentication,
        Wire.Login("alice", "s3cret"),
        Wire.Login("alice", "wrong"),
        Wire.Login("mallory", "s3cret"),
        Wire.Connect(Allowed),
        Wire.Connect(new IPEndPoint(IPAddress.IPv6Loopback, 80)),
        Wire.Connect("127.0.0.1", 80),
        Wire.Connect(Denied),
        Wire.Connect("127.1", 80),
        [5, 3, 0, 1, 0, 0, 0, 0, 0, 0],
        Wire.Request(Bind, Allowed),
        Wire.Request(Bind, new IPEndPoint(IPAddress.Any, 0)),
        Wire.Request(Bind, Denied),
        Wire.Request(Resolve, Allowed),
        Wire.Request(Resolve, Denied),
        Wire.Socks4(Connect, Allowed, "alice"),
        Wire.Socks4(Connect, Denied),
        Wire.Socks4(Bind, Allowed),
        Wire.Socks4(Resolve, Allowed),
        Wire.Socks4A(Connect, "127.0.0.1", 80),
        Header,
        [.. Wire.ProxyV2Signature, 0x20, 0, 0, 0]);

    private static readonly Gen<byte[]> Mutated =
        from piece in Proper
        from at in Gen.Int[0, (IsName(piece) ? 4 : piece.Length) - 1]
        from value in Gen.OneOf(Gen.Byte, Gen.Byte[0, 5])
        from length in Gen.Frequency((3, Gen.Const(piece.Length)), (1, Gen.Int[0, piece.Length]))
        select (byte[])[.. piece.Select((it, i) => i == at ? value : it).Take(length)];

    private static readonly Gen<byte[]> Piece = Gen.Frequency((6, Proper), (2, Mutated), (1, Gen.Byte.Array[0, 40]));

    // A client that behaves, up to a point: without it hardly any session would get far.
    private static readonly Gen<byte[]> Orderly =
        from introduction in Gen.Frequency((3, Gen.Const(Array.Empty<byte>())), (1, Gen.Const(Header)))
        from request in Gen.OneOf(
            Wire.Connect(Allowed), Wire.Connect(Allowed), Wire.Request(Bind, Allowed), Wire.Request(Bind, new IPEndPoint(IPAddress.Any, 0)),
            Wire.Request(Resolve, Allowed), [5, 3, 0, 1, 0, 0, 0, 0, 0, 0])
        from steps in Gen.Int[0, 3]
        let all = (byte[][])[Wire.GreetingWithPassword, Wire.Login("alice", "s3cret"), request]
        select (byte[])[.. introduction, .. all.Take(steps).SelectMany(it => it)];

    private static readonly Gen<byte[]> Sent =
        from orderly in Orderly
        from pieces in Piece.Array[0, 4]
        select (byte[])[.. orderly, .. pieces.SelectMany(it => it)];

    /// <summary>All of them.</summary>
    public static readonly Gen<Scenario> Any =
        from bytes in Sent
        from cuts in Gen.Select(Gen.Int[0, 1000], Gen.Enum<Between>()).Array[0, 5]
        from hold in Gen.Bool
        from atOnce in Gen.OneOf<SocketError?>(null, null, SocketError.Success, SocketError.NetworkUnreachable)
        from ending in Gen.Enum<Between>()
        select new Scenario(bytes, [.. cuts.OrderBy(it => it.Item1)], hold, atOnce, ending);

    // Changing the octets of a name, or of an address of SOCKS4, could make one that is looked up.
    private static bool IsName(byte[] piece) => (piece.Length > 5 && piece[0] == 5 && piece[3] == 3) || (piece.Length > 8 && piece[0] == 4);

    /// <summary>Lets it happen, up to the end of the session.</summary>
    public MemorySession Run(MemoryNode node)
    {
        node.Verdicts.Hold = HoldVerdicts;
        node.Lane.DialOutcome = AtOnce;
        node.Lane.Dialed.Clear();
        node.Lane.Tunnels.Clear();
        node.Lane.AnsweringSockets.Clear();
        node.Lane.DatagramSockets.Clear();
        var session = node.Accept();
        var sent = 0;
        foreach (var (where, what) in Cuts)
        {
            var upTo = Bytes.Length * where / 1000;
            session.Client.Arrive(Bytes.AsSpan(sent, upTo - sent));
            sent = upTo;
            Happen(what, node, session);
        }

        session.Client.Arrive(Bytes.AsSpan(sent));
        Happen(Ending, node, session);
        while (!session.IsOver)
        {
            node.Verdicts.Release();
            Happen(Between.Connected, node, session);
            node.Lane.Tunnels.ForEach(it => it.Complete());
            if (node.Lane.DatagramSockets.Count > 0 || node.Lane.AnsweringSockets.Count > 0)
                session.Client.ArriveEnd();
            node.Lane.Advance(TimeSpan.FromSeconds(4));
        }

        node.Verdicts.Release();
        return session;
    }

    private static void Happen(Between what, MemoryNode node, MemorySession session)
    {
        switch (what)
        {
            case Between.Verdict:
                node.Verdicts.Release();
                break;
            case Between.Connected or Between.Refused:
                foreach (var dialed in node.Lane.Dialed.Where(it => !it.IsClosed))
                    dialed.Settle(what == Between.Connected ? SocketError.Success : SocketError.ConnectionRefused);
                break;
            case Between.Call or Between.StrangersCall:
                foreach (var port in node.Lane.AnsweringSockets.Where(it => !it.IsClosed))
                    port.Call(new IPEndPoint(what == Between.Call ? IPAddress.Loopback : IPAddress.Parse("10.0.0.9"), 6000));
                break;
            case Between.SomeTime:
                node.Lane.Advance(TimeSpan.FromSeconds(3));
                break;
            case Between.End:
                session.Client.ArriveEnd();
                break;
            case Between.Reset:
                session.Client.ArriveReset();
                break;
        }
    }

    public override string ToString() =>
        $"{Convert.ToHexString(Bytes)} cut {string.Join(' ', Cuts)}, verdicts {(HoldVerdicts ? "held" : "at once")}, "
        + $"dial {AtOnce}, then {Ending}";
}

/// <summary>What can happen between two chunks.</summary>
internal enum Between
{
    Nothing,
    Verdict,
    Connected,
    Refused,
    Call,
    StrangersCall,
    SomeTime,
    End,
    Reset,
}
