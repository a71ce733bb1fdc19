using System.Net;
using System.Security.Cryptography;
using AkkaSocks.Protocol;
using AkkaSocks.Proxy.Outcomes;
using AkkaSocks.Proxy.Relays;
using AkkaSocks.Proxy.Tests.Harness;
using Xunit;

namespace AkkaSocks.Proxy.Tests.Relays;

/// <summary>What a relay owes the sides of a tunnel that somebody looks into.</summary>
public sealed class InterceptRelayActorTests
{
    private const int MiB = 1024 * 1024;

    public static TheoryData<Way> Ways => RelayTests.Ways;

    /// <summary>A transport may have taken bytes that the kernel has not: they are not to be lost to what ends the relay.</summary>
    [Theory, MemberData(nameof(Ways))]
    public async Task What_was_said_last_arrives_however_slowly_it_is_read(Way way)
    {
        var answer = RandomNumberGenerator.GetBytes(8 * MiB);
        await using var node = await TestNode.StartInterceptedAsync(TestSettings.Default.Over(way), new Answering(answer));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);
        client.ShutdownSend();

        var received = new MemoryStream();
        var piece = new byte[2000];
        while (await client.ReceiveSomeAsync(piece) is var n and > 0)
            received.Write(piece, 0, n);

        Assert.True(answer.AsSpan().SequenceEqual(received.ToArray()));
    }

    [Fact]
    public async Task Whoever_carries_may_end_it_for_a_reason_of_its_own()
    {
        await using var node = await TestNode.StartInterceptedAsync(TestSettings.Default, new Ending(SessionEnd.Cut));
        using var origin = new Origin();
        using var client = await node.OpenAsync(origin.Endpoint);

        await client.ExpectResetAsync();

        await node.QuietAsync();
        Assert.Equal("cut", Assert.Single(await node.StopAndReadLogAsync()).GetProperty("end").GetString());
    }

    /// <summary>Hears the client out, answers and hangs up.</summary>
    private sealed class Answering(byte[] answer) : IInterceptor
    {
        public TimeSpan Silence => throw new NotSupportedException();

        public TunnelScope ScopeOf(Destination destination, UserName? user) => TunnelScope.Inside;

        public FirstWords Hear(Destination destination, ReadOnlyMemory<byte> said) => throw new NotSupportedException();

        public InterceptForecast Foresee(Destination destination, UserName? user, IPAddress? client) => throw new NotSupportedException();

        public async Task Carry(InterceptedTunnel tunnel)
        {
            while (await tunnel.Client.Input.ReadAsync() is { IsCompleted: false } read)
                tunnel.Client.Input.AdvanceTo(read.Buffer.End);
            await tunnel.Client.Output.WriteAsync(answer);
            await tunnel.Client.Output.CompleteAsync();
            await tunnel.Client.Input.CompleteAsync();
            await tunnel.Origin.Output.CompleteAsync();
            await tunnel.Origin.Input.CompleteAsync();
        }
    }

    /// <summary>Ends it.</summary>
    private sealed class Ending(SessionEnd end) : IInterceptor
    {
        public TimeSpan Silence => throw new NotSupportedException();

        public TunnelScope ScopeOf(Destination destination, UserName? user) => TunnelScope.Inside;

        public FirstWords Hear(Destination destination, ReadOnlyMemory<byte> said) => throw new NotSupportedException();

        public InterceptForecast Foresee(Destination destination, UserName? user, IPAddress? client) => throw new NotSupportedException();

        public Task Carry(InterceptedTunnel tunnel)
        {
            tunnel.End(end);
            return Task.CompletedTask;
        }
    }
}
