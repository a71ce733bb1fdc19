using System.Net;
using System.Net.Sockets;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>T24: whichever input or output operation of a session fails, everything is given back and there is one end.</summary>
public sealed class SessionTortureTests
{
    private const byte Bind = 2, UdpAssociate = 3, Resolve = 0xF0;
    private static readonly IPEndPoint Somewhere = new(IPAddress.Loopback, 80), SomewhereElse = new(IPAddress.IPv6Loopback, 80);
    private static readonly byte[] Login = [.. Wire.GreetingWithPassword, .. Wire.Login("alice", "s3cret")];

    private static readonly Dictionary<string, Action<MemoryNode, MemorySession>> Stories = new()
    {
        ["relayed"] = (node, session) =>
        {
            session.Client.Arrive([.. Login, .. Wire.Connect(Somewhere), 1, 2, 3]);
            Settle(node, SocketError.Success);
            session.Client.Arrive([4, 5, 6]);
            node.Lane.Dialed.LastOrDefault()?.Arrive([7, 8, 9]);
            session.Client.ArriveEnd();
            node.Lane.Dialed.LastOrDefault()?.ArriveEnd();
        },
        ["relayed, byte by byte"] = (node, session) =>
        {
            foreach (var one in (byte[])[.. Login, .. Wire.Connect(Somewhere)])
                session.Client.Arrive([one]);
            Settle(node, SocketError.Success);
            session.Client.ArriveReset();
        },
        ["connect refused"] = (node, session) =>
        {
            session.Client.Arrive([.. Login, .. Wire.Connect(Somewhere), 1, 2, 3]);
            Settle(node, SocketError.ConnectionRefused);
            session.Client.ArriveEnd();
        },
        ["refused by rule"] = (_, session) =>
        {
            session.Client.Arrive([.. Login, .. Wire.Connect(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80))]);
            session.Client.ArriveEnd();
        },
        ["wrong password"] = (_, session) =>
        {
            session.Client.Arrive([.. Wire.GreetingWithPassword, .. Wire.Login("alice", "wrong")]);
            session.Client.Arrive([1]);
            session.Client.ArriveEnd();
        },
        ["called"] = (node, session) =>
        {
            session.Client.Arrive([.. Login, .. Wire.Request(Bind, Somewhere), 1, 2, 3]);
            node.Lane.AnsweringSockets.LastOrDefault()?.Call(new IPEndPoint(IPAddress.Parse("10.0.0.9"), 1));
            node.Lane.AnsweringSockets.LastOrDefault()?.Call(Somewhere);
            node.Lane.AnsweringSockets.LastOrDefault()?.Callers.LastOrDefault()?.ArriveEnd();
            session.Client.ArriveEnd();
        },
        ["never called"] = (_, session) => session.Client.Arrive([.. Login, .. Wire.Request(Bind, Somewhere)]),
        ["associated"] = (node, session) =>
        {
            var before = node.Lane.DatagramSockets.Count;
            session.Client.Arrive([.. Login, .. Wire.Request(UdpAssociate, new IPEndPoint(IPAddress.Any, 0))]);
            var opened = node.Lane.DatagramSockets.Skip(before);
            opened.FirstOrDefault()?.Arrive(DatagramAddress.Of(session.Client.Remote.Address, 5353), Associate.Datagram(Somewhere, [1, 2, 3]));
            opened.FirstOrDefault()?.Arrive(DatagramAddress.Of(session.Client.Remote.Address, 5353), Associate.Datagram(SomewhereElse, [1]));
            foreach (var socket in opened.Skip(1).ToArray())
                socket.Arrive(DatagramAddress.Of(socket == opened.ElementAt(1) ? Somewhere : SomewhereElse), [4, 5]);
            session.Client.Arrive([1, 2, 3]);
            session.Client.ArriveEnd();
        },
        ["resolved"] = (_, session) =>
        {
            session.Client.Arrive([.. Login, .. Wire.Request(Resolve, Somewhere)]);
            session.Client.ArriveEnd();
        },
        ["no method"] = (_, session) => session.Client.Arrive(Wire.GreetingWithoutAuthentication),
        ["another protocol"] = (_, session) => session.Client.Arrive([6]),
        ["connecting for ever"] = (node, session) => session.Client.Arrive([.. Login, .. Wire.Connect(Somewhere)]),
    };

    public static TheoryData<string, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool, bool>();
            foreach (var story in Stories.Keys)
            {
                foreach (var canTunnel in new[] { true, false })
                {
                    cases.Add(story, canTunnel, false);
                    cases.Add(story, canTunnel, true);
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task T24_the_kth_operation_fails(string story, bool canTunnel, bool throws)
    {
        var settings = SharedNodes.Accepting(Engine.EpollTunnel, AcceptedMethod.Password);
        settings = settings with
        {
            Bind = settings.Bind with { Enabled = true, Timeout = TimeSpan.FromSeconds(10) },
            Resolve = new ResolveSettings { Enabled = true },
        };
        await using var node = await MemoryNode.StartAsync(settings, canTunnel);
        var sessions = 0;
        for (var k = 0; ; k++)
        {
            var faults = new IoFaults(k, throws);
            var session = node.Accept(faults);
            sessions++;
            Stories[story](node, session);
            for (var patience = 0; patience < 4 && !session.IsOver; patience++)
            {
                node.Lane.Advance(TimeSpan.FromSeconds(11));
                node.Lane.Tunnels.LastOrDefault()?.Complete();
            }

            Assert.True(session.IsOver, $"k = {k}: no end");
            Assert.True(session.Client.IsClosed, $"k = {k}: the client's connection was left open");
            Assert.True(node.Lane.Dialed.All(it => it.IsClosed), $"k = {k}: a destination's connection was left open");
            Assert.True(
                node.Lane.AnsweringSockets.All(it => it.IsClosed && it.Callers.All(caller => caller.IsClosed)), $"k = {k}: a port was left open");
            Assert.True(node.Lane.DatagramSockets.All(it => it.IsClosed), $"k = {k}: a UDP socket was left open");
            Assert.True(node.IsQuiet, $"k = {k}: {node.Gate.Sessions} leases, {node.Metrics.Sessions.Open} reports missing");
            Assert.Equal(throws && faults.Happened, session.Record.End == SessionEnd.Failed);
            if (k > 0 && !faults.Happened)
                break;
        }

        await node.DisposeAsync();
        Assert.Equal(sessions, node.Logged.Count);
    }

    private static void Settle(MemoryNode node, SocketError outcome)
    {
        if (node.Lane.Dialed.LastOrDefault() is { IsClosed: false } destination)
            destination.Settle(outcome);
    }
}
