using System.Net;
using System.Security.Cryptography.X509Certificates;
using AkkaSocks.Benchmarks.Proxies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaSocks.Benchmarks.Intercept;

/// <summary>The destination of loads over HTTPS: Kestrel on 127.0.0.1, HTTP/1.1 and 2, which says a short hello to whatever it is
/// asked.</summary>
internal static class WebOrigin
{
    /// <summary>Serves until it is killed. Prints "ready" once it listens.</summary>
    public static void Run(int port)
    {
        var pem = TlsIdentity.NewPem();
        using var ephemeral = X509Certificate2.CreateFromPem(pem, pem);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(ephemeral)));
        var server = builder.Build();
        server.Run(context => context.Response.WriteAsync("hello, proxies\n"));
        server.Start();
        Console.WriteLine("ready");
        server.WaitForShutdown();
    }
}
