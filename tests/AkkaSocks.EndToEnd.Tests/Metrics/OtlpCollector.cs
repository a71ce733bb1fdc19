using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaSocks.EndToEnd.Tests.Metrics;

/// <summary>As much of an OTLP collector as it takes to be sent something, by gRPC or by HTTP.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];

    private OtlpCollector(WebApplication server) => _server = server;

    public string Url => _server.Urls.First();

    public static async Task<OtlpCollector> StartAsync(bool grpc)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(
            System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var server = builder.Build();
        var collector = new OtlpCollector(server);
        server.Run(collector.TakeAsync);
        await server.StartAsync();
        return collector;
    }

    /// <summary>What was sent, for a test that fails.</summary>
    public string Received => string.Join(", ", _received.Select(it => $"{it.Path} {it.Body.Length}"));

    /// <summary>Whether a text stands in anything that was sent to a path with this end.</summary>
    public bool Has(string path, string text) => _received.Any(it =>
        it.Path.EndsWith(path, StringComparison.Ordinal) && it.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue((context.Request.Path, body.ToArray()));
        if (context.Request.Protocol != HttpProtocol.Http2)
            return;

        // An empty message, uncompressed and of length 0, and then that all is well.
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
