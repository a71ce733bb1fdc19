using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaSocks.Server.Admin;

/// <summary>The web server of the admin API: HTTP/1.1 on one socket, and nothing read from files or the environment.</summary>
internal static class AdminServer
{
    // A user with every label it may have is a tenth of this.
    private const long MaxBodyBytes = 256 * 1024;
    private const long MaxConnections = 256;
    private static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A host that will serve on the socket, and start that after and stop it before its other services.</summary>
    public static WebApplicationBuilder NewBuilder(AdminSocket socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => socket.Socket);
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyBytes;
            options.Limits.MaxConcurrentConnections = MaxConnections;
            options.Limits.RequestHeadersTimeout = RequestHeadersTimeout;
            options.Listen(socket.Bound, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder;
    }
}
