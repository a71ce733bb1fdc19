using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>T24 inside TLS: whichever input or output operation fails, from the ClientHello to close_notify, everything is given back
/// and there is one end.</summary>
public sealed class TlsTortureTests
{
    private static readonly IPEndPoint Somewhere = new(IPAddress.Loopback, 80);

    [Theory]
    [InlineData(SslProtocols.Tls12, false), InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, false), InlineData(SslProtocols.Tls13, true)]
    public async Task T24_the_kth_operation_fails(SslProtocols version, bool throws)
    {
        var settings = SharedNodes.Accepting(Engine.EpollTunnel, AcceptedMethod.Password).Secured();
        await using var node = await MemoryNode.StartAsync(settings);
        var (sessions, relayed) = (0, 0);
        for (var k = 0; ; k++)
        {
            var faults = new IoFaults(k, throws);
            var session = node.Accept(faults);
            sessions++;
            if (await RelayAsync(node, session, version).InTime())
                relayed++;
            session.Client.ArriveEnd();
            node.Lane.Dialed.LastOrDefault()?.ArriveEnd();
            for (var patience = 0; patience < 4 && !await IsOverAsync(node, session); patience++)
                node.Lane.Advance(TimeSpan.FromSeconds(11));

            Assert.True(session.IsOver, $"k = {k}: no end; failed {faults.Where}");
            Assert.True(session.Client.IsClosed, $"k = {k}: the client's connection was left open");
            Assert.True(node.Lane.Dialed.All(it => it.IsClosed), $"k = {k}: a destination's connection was left open");
            Assert.True(node.IsQuiet, $"k = {k}: {node.Gate.Sessions} leases, {node.Metrics.Sessions.Open} reports missing");
            Assert.Equal(0, node.Handshakes.Pending);
            // What a transport throws inside SslStream comes out as a connection that broke.
            Assert.True(session.Record.End != SessionEnd.Failed || (throws && faults.Happened), $"k = {k}: {session.Record.End}");
            if (k > 0 && !faults.Happened)
                break;
        }

        Assert.InRange(relayed, 2, sessions);
        await node.DisposeAsync();
        Assert.Equal(sessions, node.Logged.Count);
    }

    /// <summary>Whether it is over, or still at it: a thread of the handshakes may have ended it this moment.</summary>
    private static async Task<bool> IsOverAsync(MemoryNode node, MemorySession session)
    {
        try
        {
            await Eventually.TrueAsync(() => session.IsOver && node.IsQuiet, "the end", TimeSpan.FromMilliseconds(200));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>A client that goes as far as it is let; true when a byte has gone there and back.</summary>
    private static async Task<bool> RelayAsync(MemoryNode node, MemorySession session, SslProtocols version)
    {
        var before = node.Lane.Dialed.Count;
        try
        {
            await using var client = new SslStream(new MemoryFarEnd(session.Client));
            await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "proxy.test", EnabledSslProtocols = version, AllowTlsResume = false,
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
            });
            await client.WriteAsync((byte[])[.. Wire.GreetingWithPassword, .. Wire.Login("alice", "s3cret")]);
            await client.ReadExactlyAsync(new byte[4]);
            await client.WriteAsync((byte[])[.. Wire.Connect(Somewhere), 42]);
            if (node.Lane.Dialed.Count == before)
                return false;
            var destination = node.Lane.Dialed[^1];
            destination.Settle(SocketError.Success);
            var reply = new byte[10];
            await client.ReadExactlyAsync(reply);
            if (reply[1] != 0)
                return false;
            destination.Arrive([43]);
            await client.ReadExactlyAsync(reply.AsMemory(0, 1));
            await client.ShutdownAsync();
            return destination.Written is [42] && reply[0] == 43;
        }
        catch (Exception ended) when (ended is IOException or AuthenticationException)
        {
            return false;
        }
    }
}
