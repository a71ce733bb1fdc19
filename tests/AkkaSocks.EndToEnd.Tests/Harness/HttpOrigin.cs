using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>An HTTP server on loopback: says hello, serves a folder's files, and answers a PUT with the body's SHA-256.</summary>
internal sealed class HttpOrigin : IAsyncDisposable
{
    public const string Hello = "hello from the origin";

    private readonly WebApplication _server;

    private HttpOrigin(WebApplication server) => _server = server;

    public int Port => new Uri(_server.Urls.Single()).Port;

    /// <summary>A URL at <paramref name="host"/>, written as it stands in a URL.</summary>
    public string Url(string host, string path = "hello") => $"http://{host}:{Port}/{path}";

    public static async Task<HttpOrigin> StartAsync(IPAddress? address = null, string folder = "/nonexistent")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address ?? IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var server = builder.Build();
        server.MapGet("/hello", () => Hello);
        server.MapGet("/files/{**path}", (string path) =>
            Path.Combine(folder, path) is var file && File.Exists(file) ? Results.File(file) : Results.NotFound());
        server.MapPut("/hash", async (HttpRequest request) => Convert.ToHexString(await SHA256.HashDataAsync(request.Body)));
        await server.StartAsync();
        return new HttpOrigin(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
