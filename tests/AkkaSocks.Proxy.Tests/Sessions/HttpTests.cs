using System.Net.Sockets;
using System.Text;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Telemetry;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>HTTP on the port of SOCKS: rows H1 to H6, as far as they end before a request is forwarded.</summary>
public sealed class HttpTests
{
    private const string Established = "HTTP/1.1 200 Connection established\r\n\r\n";
    private const string Alice = "Proxy-Authorization: Basic YWxpY2U6czNjcmV0\r\n"; // alice:s3cret
    private const string Wrong = "Proxy-Authorization: Basic YWxpY2U6d3Jvbmc=\r\n"; // alice:wrong

    [Fact]
    public async Task H1_CONNECT_opens_a_tunnel()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.None));
        var session = node.Accept();
        session.Client.Arrive(Connect("127.0.0.1:80"));
        Assert.Empty(session.Client.Written);
        node.Lane.Dialed.Single().Settle(SocketError.Success);

        Assert.Equal(Established, Said(session));
        Assert.Single(node.Lane.Tunnels);
        Assert.Equal((ClientProtocol.Http, Command.Connect), (session.Record.Protocol, session.Record.Command));
    }

    [Fact]
    public async Task H1_it_is_the_same_byte_by_byte_and_cut_anywhere()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.Password));
        var head = Connect("127.0.0.1:80", Alice);
        for (var cut = 0; cut <= head.Length; cut++)
        {
            var session = node.Accept();
            if (cut == head.Length)
                Array.ForEach(head, it => session.Client.Arrive([it]));
            else
                session.Client.Arrive(head.AsSpan(0, cut));
            if (cut < head.Length)
                session.Client.Arrive(head.AsSpan(cut));
            node.Lane.Dialed[^1].Settle(SocketError.Success);
            Assert.Equal(Established, Said(session));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Proxy-Authorization: Bearer YWxpY2U6czNjcmV0\r\n")]
    [InlineData("Proxy-Authorization: Basic \r\n")]
    [InlineData(Wrong)]
    public async Task H2_without_the_credentials_the_answer_is_407_and_the_connection_stays(string authorization)
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.Password));
        var session = node.Accept();
        session.Client.Arrive(Connect("127.0.0.1:80", authorization));
        Assert.StartsWith("HTTP/1.1 407 ", Said(session));
        Assert.Contains("\r\nProxy-Authenticate: Basic realm=\"akkasocks\"", Said(session));
        Assert.False(session.IsOver);
        Assert.Empty(node.Lane.Dialed);

        var before = session.Client.Written.Length;
        session.Client.Arrive(Connect("127.0.0.1:80", Alice));
        node.Lane.Dialed.Single().Settle(SocketError.Success);
        Assert.Equal(Established, Said(session)[before..]);
        Assert.Equal("alice", session.Record.User.ToString());
    }

    [Fact]
    public async Task H2_wrong_credentials_and_none_are_answered_with_the_same_bytes()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.Password));
        var none = node.Accept();
        none.Client.Arrive(Connect("127.0.0.1:80"));
        var wrong = node.Accept();
        wrong.Client.Arrive(Connect("127.0.0.1:80", Wrong));
        Assert.Equal(Said(none), Said(wrong));
    }

    [Theory]
    [InlineData("Connection: close\r\n")]
    [InlineData("Content-Length: 5\r\n")]
    public async Task H2_where_no_other_request_can_follow_407_is_the_end(string field)
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.Password));
        var session = node.Accept();
        session.Client.Arrive(Encoding.ASCII.GetBytes($"GET http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\n{Wrong}{field}\r\n"));
        Assert.Contains("\r\nConnection: close\r\n", Said(session));
        Assert.Equal(Refusal.BadCredentials, session.Record.Refusal);
        Assert.True(session.Client.HasFinished);
    }

    [Fact]
    public async Task H3_bytes_behind_CONNECT_wait_for_the_answer()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.Password));
        var session = node.Accept();
        session.Client.Arrive([.. Connect("127.0.0.1:80", Alice), 1, 2, 3]);
        var destination = node.Lane.Dialed.Single();
        Assert.Empty(destination.Written);
        destination.Settle(SocketError.Success);
        Assert.Equal([1, 2, 3], destination.Written);
    }

    [Fact]
    public async Task H4_a_malformed_head_is_answered_with_400_and_nothing_is_dialed()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.None));
        foreach (var head in new[] { "CONNECT x HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "G\n", "CONNECT a:1 HTTP/1.1\r\nX : y\r\n" })
        {
            var session = node.Accept();
            session.Client.Arrive(Encoding.ASCII.GetBytes(head));
            Assert.StartsWith("HTTP/1.1 400 ", Said(session));
            Assert.Equal(Refusal.MalformedMessage, session.Record.Refusal);
        }

        Assert.Empty(node.Lane.Dialed);
    }

    [Fact]
    public async Task H5_a_head_may_be_as_long_as_its_limit_and_a_longer_one_is_refused()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.None));
        var fits = node.Accept();
        fits.Client.Arrive(Connect("127.0.0.1:80", $"X: {new string('y', 30_000)}\r\n"));
        node.Lane.Dialed.Single().Settle(SocketError.Success);
        Assert.Equal(Established, Said(fits));

        var tooLong = node.Accept();
        tooLong.Client.Arrive(Connect("127.0.0.1:80", $"X: {new string('y', 50_000)}\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", Said(tooLong));
    }

    [Fact]
    public async Task H5_a_head_that_does_not_arrive_in_time_is_answered_with_408()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.None));
        var session = node.Accept();
        session.Client.Arrive("CONNECT "u8);
        node.Lane.Advance(TimeSpan.FromSeconds(10.1));
        Assert.StartsWith("HTTP/1.1 408 ", Said(session));
        Assert.Equal(SessionEnd.HandshakeTimedOut, session.Record.End);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, 502)]
    [InlineData(SocketError.TimedOut, 504)]
    [InlineData(SocketError.NetworkUnreachable, 502)]
    [InlineData(SocketError.AccessDenied, 403)]
    public async Task H6_a_connect_that_fails_is_told_by_its_cause(SocketError error, int status)
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.None));
        var session = node.Accept();
        session.Client.Arrive(Connect("127.0.0.1:80"));
        node.Lane.Dialed.Single().Settle(error);
        Assert.StartsWith($"HTTP/1.1 {status} ", Said(session));
        Assert.DoesNotContain("127.0.0.1", Said(session));
    }

    [Theory]
    [InlineData("10.0.0.1:80", 403)]
    [InlineData("169.254.169.254:80", 403)]
    [InlineData("[::ffff:10.0.0.1]:80", 403)]
    public async Task H6_a_destination_that_is_not_allowed_is_403(string authority, int status)
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.None));
        var session = node.Accept();
        session.Client.Arrive(Connect(authority));
        Assert.StartsWith($"HTTP/1.1 {status} ", Said(session));
    }

    [Fact]
    public async Task A_request_to_be_forwarded_is_refused_where_nothing_forwards()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.None));
        var session = node.Accept();
        session.Client.Arrive("GET http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\n\r\n"u8);
        Assert.StartsWith("HTTP/1.1 501 ", Said(session));
    }

    [Fact]
    public async Task G9_a_listener_without_HTTP_says_nothing_to_it()
    {
        await using var node = await MemoryNode.StartAsync(SharedNodes.Accepting(Engine.EpollTunnel, AcceptedMethod.None));
        var session = node.Accept();
        session.Client.Arrive(Connect("127.0.0.1:80"));
        Assert.True(session.IsOver);
        Assert.Empty(session.Client.Written);
        Assert.Equal(Refusal.UnknownProtocol, session.Record.Refusal);
    }

    private static ProxySettings Accepting(AcceptedMethod method)
    {
        var settings = SharedNodes.Accepting(Engine.EpollTunnel, method);
        var listener = settings.Listeners[0] with { Protocols = [ListenerProtocol.Socks5, ListenerProtocol.Http] };
        return settings with { Listeners = [listener] };
    }

    private static byte[] Connect(string authority, string fields = "") =>
        Encoding.ASCII.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{fields}\r\n");

    private static string Said(MemorySession session) => Encoding.ASCII.GetString(session.Client.Written);
}
