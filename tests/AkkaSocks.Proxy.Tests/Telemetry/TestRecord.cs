using System.Net;
using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Telemetry;

namespace AkkaSocks.Proxy.Tests.Telemetry;

/// <summary>Records of sessions that never were.</summary>
internal static class TestRecord
{
    private static readonly SessionId.Source Ids = new();

    // One moment for all: between two looks at the clock a busy machine lets milliseconds pass.
    private static readonly long Now = Environment.TickCount64;

    /// <summary>A session that got far.</summary>
    public static SessionRecord Of(byte[] user, string destination = "example.com") => new(
        Ids.Next(), "main", new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40000), Now - 1000)
    {
        Protocol = ClientProtocol.Socks5,
        User = new UserName(user),
        Command = Command.Connect,
        Destination = Destination.TryOfName(Encoding.ASCII.GetBytes(destination), 443, out var it) ? it : null,
        Address = new IPEndPoint(IPAddress.Parse("198.51.100.1"), 443),
        Reply = ReplyCode.Succeeded,
        RequestedAt = Now - 990,
        ConnectedAt = Now - 970,
        EndedAt = Now,
        End = SessionEnd.Completed,
        ClientToDestination = 11,
        DestinationToClient = 22,
    };

    /// <summary>A session that ended before it said anything.</summary>
    public static SessionRecord Silent() => new(Ids.Next(), "main", new IPEndPoint(IPAddress.IPv6Loopback, 1), Now)
    {
        EndedAt = Now,
        End = SessionEnd.ClientClosed,
    };
}
