using System.Net;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Settings;
using AkkaSocks.Proxy.Tests.Harness;
using CsCheck;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Sessions;

/// <summary>S6: whatever bytes a client sends, in whatever pieces and at whatever moments.</summary>
public sealed class SessionPropertyTests
{
    private const int Iterations = 100_000;
    private static readonly byte[] AlicesLogin = Wire.Login("alice", "s3cret");

    [Fact]
    public Task S6_nothing_is_dialed_bound_looked_up_or_relayed_without_authentication() => NothingWithoutAuthentication(Iterations);

    [LongFact, Trait(LongFactAttribute.TraitName, LongFactAttribute.TraitValue)]
    public Task S6_a_million_clients_get_nothing_without_authentication() => NothingWithoutAuthentication(10 * Iterations);

    private static async Task NothingWithoutAuthentication(int iterations)
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.Password));
        int relayed = 0, bound = 0, associated = 0, resolved = 0;
        Scenario.Any.Sample(
            scenario =>
            {
                var session = scenario.Run(node);
                AssertGaveAllBack(node, session);
                var authenticated = ProvesAlice(scenario.Bytes);
                var did = (node.Lane.Dialed.Count, node.Lane.AnsweringSockets.Count, node.Lane.DatagramSockets.Count, node.Lane.Tunnels.Count);
                Assert.True(authenticated || did == (0, 0, 0, 0), $"{did}");
                AssertWellFormed(session, passwordRequired: true, authenticated, node.Lane.Tunnels.Count);
                relayed += node.Lane.Tunnels.Count;
                bound += node.Lane.AnsweringSockets.Count;
                associated += node.Lane.DatagramSockets.Count > 0 ? 1 : 0;
                resolved += session.Record is { Command: Command.Resolve, Reply: ReplyCode.Succeeded } ? 1 : 0;
            },
            iter: iterations,
            threads: 1);

        // Without this the test could pass by never getting anywhere.
        Assert.All([relayed, bound, associated, resolved], it => Assert.InRange(it, iterations / 200, iterations));
    }

    [Fact]
    public async Task S6_where_none_is_required_the_same_holds_of_everything_else()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.None, AcceptedMethod.Password));
        Scenario.Any.Sample(
            scenario =>
            {
                var session = scenario.Run(node);
                AssertGaveAllBack(node, session);
                var authenticated = ProvesAlice(scenario.Bytes);
                AssertWellFormed(session, passwordRequired: false, authenticated, node.Lane.Tunnels.Count);
            },
            iter: Iterations / 2,
            threads: 1);
    }

    [Fact]
    public async Task G11_the_answers_do_not_depend_on_how_the_bytes_are_cut()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.None, AcceptedMethod.Password));
        Scenario.Any.Sample(
            scenario =>
            {
                var whole = scenario with { Cuts = [], HoldVerdicts = false, Ending = Between.Nothing };
                var cut = whole with { Cuts = [.. scenario.Cuts.Select(it => (it.Where, Between.Nothing))] };
                var bytewise = whole with { Cuts = [.. Enumerable.Range(0, 1001).Select(it => (it, Between.Nothing))] };
                var expected = Convert.ToHexString(whole.Run(node).Client.Written);
                Assert.Equal(expected, Convert.ToHexString(cut.Run(node).Client.Written));
                Assert.Equal(expected, Convert.ToHexString(bytewise.Run(node).Client.Written));
            },
            iter: Iterations / 20,
            threads: 1);
    }

    private static ProxySettings Accepting(params AcceptedMethod[] methods)
    {
        var settings = SharedNodes.Accepting(Engine.EpollTunnel, methods).With(it => it with
        {
            Protocols = [ListenerProtocol.Socks5, ListenerProtocol.Socks4],
            ProxyProtocol = new ProxyProtocolSettings { Mode = ProxyProtocolMode.Optional, Trusted = [IPNetwork.Parse("127.0.0.0/8")] },
        });
        return settings with
        {
            Bind = settings.Bind with { Enabled = true, AllowAnyPeer = true },
            Resolve = new ResolveSettings { Enabled = true },
            Udp = settings.Udp with { Enabled = true },
        };
    }

    /// <summary>Behind a header, if there is one, the bytes begin with a greeting that offers 02 and go on with alice's login.</summary>
    private static bool ProvesAlice(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Wire.ProxyV2Signature) && bytes.Length >= 16)
            bytes = bytes[Math.Min(bytes.Length, 16 + (bytes[14] * 256) + bytes[15])..];
        return bytes.Length >= 2 && bytes[0] == 5 && bytes.Length >= 2 + bytes[1]
            && bytes.Slice(2, bytes[1]).Contains((byte)2) && bytes[(2 + bytes[1])..].StartsWith(AlicesLogin);
    }

    private static void AssertGaveAllBack(MemoryNode node, MemorySession session)
    {
        Assert.True(node.IsQuiet, "a lease or a report is missing");
        Assert.True(session.Client.IsClosed && node.Lane.Dialed.All(it => it.IsClosed), "a connection was left open");
        Assert.True(node.Lane.AnsweringSockets.All(it => it.IsClosed && it.Callers.All(caller => caller.IsClosed)), "a port was left open");
        Assert.True(node.Lane.DatagramSockets.All(it => it.IsClosed), "an association was left open");
        Assert.All(node.Lane.AnsweringSockets, it => Assert.True(it.Callers.Count(caller => !caller.WasReset) <= 1, "two callers were let in"));
        Assert.NotEqual(SessionEnd.Failed, session.Record.End);
        Assert.NotEqual(SessionEnd.NodeStopped, session.Record.End);
        Assert.Equal(session.Record.Refusal != Refusal.None, session.Record.End == SessionEnd.Refused);
    }

    /// <summary>
    /// Everything the proxy said is a selection, then a status where 02 was selected, then at most one reply, of BIND two: and after a
    /// refusal of any kind nothing. In SOCKS4 it is replies alone, and where a password is required a refusal.
    /// </summary>
    private static void AssertWellFormed(MemorySession session, bool passwordRequired, bool authenticated, int tunnels)
    {
        ReadOnlySpan<byte> said = session.Client.Written;
        var replies = new List<bool>();
        if (said.StartsWith((byte[])[0]))
        {
            for (; !said.IsEmpty; said = said[8..])
            {
                Assert.Equal(0, said[0]);
                Assert.True(said[1] == 0x5B || (said[1] == 0x5A && !passwordRequired));
                replies.Add(said[1] == 0x5A);
            }
        }
        else if (!said.IsEmpty)
        {
            Assert.Equal(5, said[0]);
            var method = said[1];
            said = said[2..];
            if (method == 0)
                Assert.False(passwordRequired);
            else
                Assert.True(method is 2 or 0xFF);
            if (method == 2 && !said.IsEmpty)
            {
                Assert.Equal(1, said[0]);
                Assert.Equal(authenticated, said[1] == 0);
                if (said[1] == 0)
                    method = 0;
                said = said[2..];
            }

            while (method == 0 && !said.IsEmpty)
            {
                Assert.Equal(DecodeStatus.Done, Reply.TryRead(said, out var code, out _, out var length));
                replies.Add(code == ReplyCode.Succeeded);
                Assert.True(replies[^1] || length == 10);
                said = said[length..];
            }
        }

        Assert.Equal(0, said.Length);
        var command = session.Record.Command;
        Assert.InRange(replies.Count, 0, command == Command.Bind ? 2 : 1);
        Assert.DoesNotContain(false, replies.SkipLast(1));
        Assert.Equal(
            command switch
            {
                Command.Connect => replies is [true] ? 1 : 0,
                Command.Bind => replies is [true, true] ? 1 : 0,
                _ => 0,
            },
            tunnels);
    }
}
