using System.Net.Sockets;
using System.Security.Cryptography;
using AkkaSocks.EndToEnd.Tests.Harness;
using Xunit;

namespace AkkaSocks.EndToEnd.Tests.Clients;

/// <summary>OpenBSD's nc knows no passwords for SOCKS5.</summary>
[Collection(RealClients.Name)]
public sealed class NcOpenBsdTests(ClientProxies proxies)
{
    [NeedsToolTheory("nc.openbsd")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Half_closed_it_still_receives_all_of_the_answer(string host)
    {
        var input = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        var answer = RandomNumberGenerator.GetBytes(1024 * 1024);
        byte[] received = [];
        using var origin = Origin.Serving(async connection =>
        {
            received = await connection.ReceiveToEndAsync();
            await connection.SendAllAsync(answer);
            connection.Shutdown(SocketShutdown.Send);
        });

        var nc = await Tool.RunAsync(
            "nc.openbsd", ["-N", "-X", "5", "-x", $"{proxies.Open.Endpoint}", host, $"{origin.Endpoint.Port}"], input);

        Assert.Equal((0, ""), (nc.ExitCode, nc.Errors));
        Assert.True(input.AsSpan().SequenceEqual(received));
        Assert.True(answer.AsSpan().SequenceEqual(nc.Output));
    }

    [NeedsToolFact("nc.openbsd")]
    public async Task A_proxy_that_asks_for_a_password_is_not_passed()
    {
        using var origin = Origin.Echo();

        var nc = await Tool.RunAsync(
            "nc.openbsd",
            ["-N", "-X", "5", "-x", $"{proxies.Guarded.Endpoint}", "127.0.0.1", $"{origin.Endpoint.Port}"],
            "hello"u8.ToArray());

        Assert.NotEqual(0, nc.ExitCode);
        Assert.Empty(nc.Output);
    }
}
