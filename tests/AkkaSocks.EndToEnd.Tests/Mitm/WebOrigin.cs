using System.IO.Compression;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaSocks.EndToEnd.Tests.Mitm;

/// <summary>An HTTP server, inside TLS or not, that does what proxies have trouble with.</summary>
internal sealed class WebOrigin : IAsyncDisposable
{
    /// <summary>What /zipped says, once unzipped.</summary>
    public const string Zipped = "zippedzippedzippedzippedzippedzippedzippedzippedzippedzippedzippedzipped";

    // A page that says what it hears of the origin besides.
    private const string Page = """
        <!doctype html><link rel="icon" href="data:,"><h1>Production</h1><p id="event"></p><p id="message"></p>
        <script>
          new EventSource("/events").onmessage = it => document.getElementById("event").textContent = it.data;
          const socket = new WebSocket(`wss://${location.host}/socket`);
          socket.onopen = () => socket.send("said by the page");
          socket.onmessage = it => document.getElementById("message").textContent = it.data;
        </script>
        """;

    private readonly WebApplication _server;
    private int _connections, _requests;

    private WebOrigin(WebApplication server) => _server = server;

    public int Port => new Uri(_server.Urls.Single()).Port;

    /// <summary>Connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Requests so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Completes when a client of /events is gone.</summary>
    public TaskCompletionSource EventsEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The call of Talk.Wait.</summary>
    public TalkService.Waiting Waiting { get; } = new();

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
        builder.Services.AddGrpc();
        builder.Services.AddScoped(_ => origin!.Waiting);
        var server = builder.Build();
        origin = new WebOrigin(server);
        server.Use((_, next) =>
        {
            Interlocked.Increment(ref origin._requests);
            return next();
        });
        server.UseWebSockets();
        server.MapMethods("/hello", ["GET", "HEAD"], (HttpRequest request) => $"hello by {request.Protocol}");
        server.MapGet("/page", () => Results.Content(Page, "text/html"));
        server.MapGet("/zipped", ZippedAsync);
        server.MapGet("/nothing", () => Results.NoContent());
        server.MapGet("/field/{length:int}", (int length, HttpResponse response) =>
        {
            response.Headers["X-Long"] = new string('x', length);
        });
        server.MapGet("/closing", (HttpResponse response) =>
        {
            response.Headers.Connection = "close";
            return "bye";
        });
        server.MapFallback("{**any}", (HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        server.MapGet("/host", (HttpRequest request) => request.Host.Value);
        server.MapPut("/hash", async (HttpRequest request) => Convert.ToHexString(await SHA256.HashDataAsync(request.Body)));
        server.MapGet("/file", (HttpRequest request) => Results.File(request.QueryString.Value![1..]));
        server.MapGet("/cut", CutAsync);
        server.MapPost("/echo", EchoAsync);
        server.MapGet("/events", origin.EventsAsync);
        server.Map("/socket", SocketAsync);
        server.MapGrpcService<TalkService>();
        await server.StartAsync();
        return origin;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private static async Task ZippedAsync(HttpResponse response)
    {
        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest);
        await gzip.WriteAsync(Encoding.ASCII.GetBytes(Zipped));
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
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(ended.SetResult);
        await ended.Task;
        EventsEnded.TrySetResult();
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
