using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>An HTTP server, inside TLS or not, that does what proxies have trouble with.</summary>
internal sealed class WebOrigin : IAsyncDisposable
{
    private readonly WebApplication _server;
    private int _connections;

    private WebOrigin(WebApplication server) => _server = server;

    public int Port => new Uri(_server.Urls.Single()).Port;

    /// <summary>Connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Completes when a client of /events is gone.</summary>
    public TaskCompletionSource EventsEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Url(string host, string path) => $"{(new Uri(_server.Urls.Single()).Scheme)}://{host}:{Port}/{path}";

    /// <summary>Starts one.</summary>
    /// <param name="certificate">A file with the certificate and its key; null for no TLS.</param>
    /// <param name="protocols">What it speaks.</param>
    /// <param name="clients">Whether it asks for certificates.</param>
    public static async Task<WebOrigin> StartAsync(
        string? certificate, HttpProtocols protocols, ClientCertificateMode clients = ClientCertificateMode.NoCertificate)
    {
        WebOrigin? origin = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                listen.Use(next => connection =>
                {
                    Interlocked.Increment(ref origin!._connections);
                    return next(connection);
                });
                if (certificate is not null)
                {
                    listen.UseHttps(new HttpsConnectionAdapterOptions
                    {
                        ServerCertificate = X509Certificate2.CreateFromPemFile(certificate, certificate),
                        ClientCertificateMode = clients,
                        ClientCertificateValidation = (_, _, _) => true,
                    });
                }
            });
        });
        var server = builder.Build();
        origin = new WebOrigin(server);
        server.UseWebSockets();
        server.MapGet("/hello", (HttpRequest request) => $"hello by {request.Protocol}");
        server.MapGet("/host", (HttpRequest request) => request.Host.Value);
        server.MapPut("/hash", async (HttpRequest request) => Convert.ToHexString(await SHA256.HashDataAsync(request.Body)));
        server.MapGet("/bulk/{bytes:long}", BulkAsync);
        server.MapGet("/cut", CutAsync);
        server.MapPost("/echo", EchoAsync);
        server.MapGet("/events", origin.EventsAsync);
        server.Map("/socket", SocketAsync);
        await server.StartAsync();
        return origin;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    /// <summary>What /bulk sends: as many zeros.</summary>
    private static async Task BulkAsync(long bytes, HttpContext context)
    {
        context.Response.ContentLength = bytes;
        var piece = new byte[64 * 1024];
        for (var left = bytes; left > 0; left -= piece.Length)
            await context.Response.Body.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)));
    }

    /// <summary>Half an answer.</summary>
    private static async Task CutAsync(HttpContext context)
    {
        context.Response.ContentLength = 100_000;
        await context.Response.Body.WriteAsync(new byte[50_000]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    /// <summary>As gRPC does: headers at once, each piece when it comes, and a trailer.</summary>
    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.FlushAsync();
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync();
            foreach (var piece in read.Buffer)
                await context.Response.BodyWriter.WriteAsync(piece);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async Task EventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: one\n\n");
        await context.Response.Body.FlushAsync();
        context.RequestAborted.Register(() => EventsEnded.TrySetResult());
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { });
    }

    private static async Task SocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = true });
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (got.MessageType == WebSocketMessageType.Close)
                break;
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "over", CancellationToken.None);
    }
}
