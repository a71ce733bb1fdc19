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
    public async Task S6_nothing_is_dialed_or_relayed_without_authentication()
    {
        await using var node = await MemoryNode.StartAsync(Accepting(AcceptedMethod.Password));
        var relayed = 0;
        Scenario.Any.Sample(
            scenario =>
            {
                var session = scenario.Run(node);
                AssertGaveAllBack(node, session);
                var authenticated = ProvesAlice(scenario.Bytes);
                Assert.True(authenticated || node.Lane.Dialed.Count == 0);
                AssertWellFormed(session.Client.Written, passwordRequired: true, authenticated, node.Lane.Tunnels.Count);
                relayed += node.Lane.Tunnels.Count;
            },
            iter: Iterations,
            threads: 1);

        // Without this the test could pass by never getting anywhere.
        Assert.InRange(relayed, Iterations / 100, Iterations);
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
                AssertWellFormed(session.Client.Written, passwordRequired: false, authenticated, node.Lane.Tunnels.Count);
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

    private static ProxySettings Accepting(params AcceptedMethod[] methods) =>
        SharedNodes.Accepting(Engine.EpollTunnel, methods);

    /// <summary>The bytes begin with a greeting that offers 02 and go on with alice's login.</summary>
    private static bool ProvesAlice(byte[] bytes) =>
        bytes.Length >= 2 && bytes[0] == 5 && bytes.Length >= 2 + bytes[1]
        && bytes.AsSpan(2, bytes[1]).Contains((byte)2) && bytes.AsSpan(2 + bytes[1]).StartsWith(AlicesLogin);

    private static void AssertGaveAllBack(MemoryNode node, MemorySession session)
    {
        Assert.True(node.IsQuiet, "a lease or a report is missing");
        Assert.True(session.Client.IsClosed && node.Lane.Dialed.All(it => it.IsClosed), "a connection was left open");
        Assert.NotEqual(SessionEnd.Failed, session.Record.End);
        Assert.NotEqual(SessionEnd.NodeStopped, session.Record.End);
        Assert.Equal(session.Record.Refusal != Refusal.None, session.Record.End == SessionEnd.Refused);
    }

    /// <summary>
    /// Everything the proxy said is a selection, then a status where 02 was selected, then at most one reply: and after a
    /// refusal of any kind nothing.
    /// </summary>
    private static void AssertWellFormed(ReadOnlySpan<byte> said, bool passwordRequired, bool authenticated, int tunnels)
    {
        var succeeded = false;
        if (!said.IsEmpty)
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

            if (method == 0 && !said.IsEmpty)
            {
                Assert.Equal(DecodeStatus.Done, Reply.TryRead(said, out var code, out _, out var length));
                succeeded = code == ReplyCode.Succeeded;
                Assert.True(succeeded || length == 10);
                said = said[length..];
            }
        }

        Assert.Equal(0, said.Length);
        Assert.Equal(succeeded ? 1 : 0, tunnels);
    }
}
