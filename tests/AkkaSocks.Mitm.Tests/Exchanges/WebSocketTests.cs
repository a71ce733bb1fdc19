using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using AkkaSocks.Mitm.Tests.Harness;
using Xunit;

namespace AkkaSocks.Mitm.Tests.Exchanges;

public sealed class WebSocketTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Messages_pass_both_ways_and_the_close_as_well(int version)
    {
        var http = version == 2 ? HttpVersion.Version20 : HttpVersion.Version11;
        await using var origin = await TestOrigin.StartAsync(http, async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("chat");
            var buffer = new byte[256 * 1024];
            while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part)
                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
        });
        var policy = Policies.Of("capture { level = bodies, body-limit = 10B }");
        await using var server = await PrivateServer.StartAsync(http, origin.Port, policy);
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = http;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        client.Options.AddSubProtocol("chat");
        await client.ConnectAsync(new Uri(server.Url.Replace("http://", "ws://")), server.Client, CancellationToken.None).InTime();
        Assert.Equal("chat", client.SubProtocol);
        var sent = RandomNumberGenerator.GetBytes(200_000);
        await client.SendAsync(sent, WebSocketMessageType.Binary, true, CancellationToken.None).InTime();
        var received = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (received.Length < sent.Length)
            received.Write(buffer, 0, (await client.ReceiveAsync(buffer, CancellationToken.None).InTime()).Count);
        Assert.Equal(sent, received.ToArray());
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "enough", CancellationToken.None).InTime();
        Assert.Equal("bye", client.CloseStatusDescription);

        await policy.Capture!.Ring.CountAsync(1);
        var exchange = policy.Capture.Ring.All().Single();
        Assert.Equal(
            [(true, 2, 200_000L), (false, 2, 200_000L), (true, 8, 8L), (false, 8, 5L)],
            exchange.Messages.OrderBy(message => message.Opcode)
                .ThenByDescending(message => message.FromClient)
                .Select(message => (message.FromClient, message.Opcode, message.Body.Length)));
        Assert.Equal(sent[..10], exchange.Messages.First(message => message.FromClient).Body.Head);
        Assert.Null(exchange.Error);
    }
}
