using System.Net;
using System.Net.Sockets;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>What a session owes whatever happens: one end, one record, nothing kept; and its deadlines.</summary>
public sealed class SessionActorTests
{
    private static readonly IPEndPoint Somewhere = new(IPAddress.Loopback, 80);

    private static ProxySettings Password => SharedNodes.Accepting(Engine.EpollTunnel, AcceptedMethod.Password);

    private static ProxySettings NoAuthentication => SharedNodes.Accepting(Engine.EpollTunnel, AcceptedMethod.None);

    [Fact]
    public async Task The_handshake_deadline_is_not_moved_by_bytes()
    {
        await using var node = await MemoryNode.StartAsync(Password);
        var session = node.Accept();
        byte[] exchange = [.. Wire.GreetingWithPassword, .. Wire.Login("alice", "s3cret"), 5, 1, 0, 1];
        for (var second = 0; second < 9; second++)
        {
            session.Client.Arrive(exchange.AsSpan(second * 2, 2));
            node.Lane.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(session.IsOver);
        node.Lane.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(SessionEnd.HandshakeTimedOut, session.Record.End);
        Assert.True(session.IsOver && session.Client.IsClosed && node.IsQuiet);
    }

    [Fact]
    public async Task The_handshake_deadline_covers_the_verdict()
    {
        await using var node = await MemoryNode.StartAsync(Password);
        node.Verdicts.Hold = true;
        var session = node.Accept();
        session.Client.Arrive([.. Wire.GreetingWithPassword, .. Wire.Login("alice", "s3cret")]);
        node.Lane.Advance(TimeSpan.FromSeconds(10.1));
        Assert.Equal(SessionEnd.HandshakeTimedOut, session.Record.End);
        Assert.Equal([5, 2], session.Client.Written);

        node.Verdicts.Release();
        Assert.Equal([5, 2], session.Client.Written);
    }

    [Fact]
    public async Task Connecting_has_a_deadline_of_its_own()
    {
        await using var node = await MemoryNode.StartAsync(NoAuthentication);
        var session = node.Accept();
        node.Lane.Advance(TimeSpan.FromSeconds(9));
        session.Client.Arrive([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(Somewhere)]);
        node.Lane.Advance(TimeSpan.FromSeconds(9));
        Assert.False(session.IsOver);

        node.Lane.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal([5, 0, .. Wire.Refusing(6)], session.Client.Written);
        Assert.Equal(Refusal.ConnectTimedOut, session.Record.Refusal);
        Assert.True(node.Lane.Dialed.Single().IsClosed);
    }

    [Fact]
    public async Task A_deadline_that_strikes_as_the_request_arrives_is_not_that_of_connecting()
    {
        await using var node = await MemoryNode.StartAsync(NoAuthentication);
        var session = node.Accept();
        session.Client.Arrive(Wire.GreetingWithoutAuthentication);

        // It fires while the session reads the request: the message waits behind it.
        session.Client.DuringRead = () => node.Lane.Advance(TimeSpan.FromSeconds(10.1));
        session.Client.Arrive(Wire.Connect(Somewhere));

        Assert.False(session.IsOver);
        node.Lane.Dialed.Single().Settle(SocketError.Success);
        Assert.Equal(ReplyCode.Succeeded, session.Record.Reply);
    }

    [Fact]
    public async Task A_deadline_that_strikes_as_a_request_is_refused_does_not_cut_the_refusal_short()
    {
        await using var node = await MemoryNode.StartAsync(NoAuthentication);
        var session = node.Accept();
        session.Client.Arrive(Wire.GreetingWithoutAuthentication);

        session.Client.DuringRead = () => node.Lane.Advance(TimeSpan.FromSeconds(10.1));
        session.Client.Arrive(Wire.Connect("", 80));

        Assert.False(session.IsOver);
        node.Lane.Advance(TimeSpan.FromSeconds(1.1));
        Assert.True(session.IsOver && session.Client.IsClosed);
    }

    [Fact]
    public async Task R4_nothing_is_said_before_the_request_is_whole()
    {
        await using var node = await MemoryNode.StartAsync(NoAuthentication);
        foreach (byte command in new byte[] { 0, 2, 4, 0xFF })
        {
            var session = node.Accept();
            var request = Wire.Connect("example.com", 80);
            request[1] = command;
            session.Client.Arrive([.. Wire.GreetingWithoutAuthentication, .. request[..^1]]);
            Assert.Equal([5, 0], session.Client.Written);
            session.Client.Arrive(request.AsSpan(request.Length - 1));
            Assert.Equal([5, 0, .. Wire.Refusing(7)], session.Client.Written);
        }
    }

    [Fact]
    public async Task P1_while_connecting_no_more_is_read_than_the_handshake_buffer_holds()
    {
        await using var node = await MemoryNode.StartAsync(NoAuthentication);
        var session = node.Accept();
        session.Client.Arrive([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(Somewhere)]);
        session.Client.Arrive(new byte[5000]);
        Assert.Equal(5000, session.Client.Unread);

        var eager = node.Accept();
        eager.Client.Arrive([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(Somewhere), .. new byte[5000]]);
        Assert.InRange(eager.Client.Unread, 5013 - 1024, 5000);
    }

    [Fact]
    public async Task P1_bytes_behind_the_request_are_the_first_the_destination_gets()
    {
        await using var node = await MemoryNode.StartAsync(NoAuthentication);
        var session = node.Accept();
        session.Client.Arrive([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(Somewhere), 1, 2, 3]);
        var destination = node.Lane.Dialed.Single();
        Assert.Empty(destination.Written);
        destination.Settle(SocketError.Success);
        Assert.Equal([1, 2, 3], destination.Written);
    }

    [Fact]
    public async Task An_exception_ends_its_session_as_failed_and_no_other()
    {
        await using var node = await MemoryNode.StartAsync(NoAuthentication);
        var bystander = node.Accept();
        var broken = node.Accept(new IoFaults(failAt: 1, throws: true));
        broken.Client.Arrive(Wire.GreetingWithoutAuthentication);

        Assert.True(broken.IsOver && broken.Client.IsClosed);
        Assert.Equal(SessionEnd.Failed, broken.Record.End);
        node.Lane.Faults = null;
        bystander.Client.Arrive([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(Somewhere)]);
        node.Lane.Dialed.Single().Settle(SocketError.Success);
        Assert.Equal(ReplyCode.Succeeded, bystander.Record.Reply);
    }

    [Fact]
    public async Task An_exception_in_a_relay_ends_its_session_as_failed()
    {
        await using var node = await MemoryNode.StartAsync(NoAuthentication);
        var session = node.Accept();
        session.Client.Arrive([.. Wire.GreetingWithoutAuthentication, .. Wire.Connect(Somewhere)]);
        node.Lane.Faults = new IoFaults(failAt: 1, throws: true);
        node.Lane.Dialed.Single().Settle(SocketError.Success);

        Assert.True(session.IsOver && session.Client.IsClosed && node.Lane.Dialed.Single().IsClosed && node.IsQuiet);
        Assert.Equal(SessionEnd.Failed, session.Record.End);
    }

    [Fact]
    public async Task Every_session_of_a_node_that_stops_is_reset_and_reported_once()
    {
        var node = await MemoryNode.StartAsync(Password);
        node.Verdicts.Hold = true;
        byte[] login = [.. Wire.GreetingWithPassword, .. Wire.Login("alice", "s3cret")];
        MemorySession[] sessions = [node.Accept(), node.Accept(), node.Accept(), node.Accept()];
        sessions[1].Client.Arrive(login);
        node.Verdicts.Hold = false;
        sessions[2].Client.Arrive([.. login, .. Wire.Connect(Somewhere)]);
        sessions[3].Client.Arrive([.. login, .. Wire.Connect(Somewhere)]);
        node.Lane.Dialed[^1].Settle(SocketError.Success);

        await node.DisposeAsync();

        Assert.All(sessions, it => Assert.True(it.IsOver && it.Client.IsClosed));
        Assert.All(sessions, it => Assert.Equal(SessionEnd.NodeStopped, it.Record.End));
        Assert.All(node.Lane.Dialed, it => Assert.True(it.IsClosed));
        Assert.Equal(sessions.Length, node.Logged.Distinct().Count());
        Assert.Equal(sessions.Length, node.Logged.Count);
        Assert.True(node.IsQuiet);
    }
}
