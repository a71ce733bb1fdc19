using System.Net;
using System.Net.Sockets;
using AkkaSocks.Mitm.Exchanges;
using AkkaSocks.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace AkkaSocks.Mitm.Tests.Harness;

/// <summary>The private server as interception runs it, but that clients connect to it instead of being handed over.</summary>
internal sealed class PrivateServer : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly ServiceProvider _services;
    private readonly HttpMessageInvoker _origin;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private readonly Version _version;

    private PrivateServer(KestrelServer server, ServiceProvider services, HttpMessageInvoker origin, Version version) =>
        (_server, _services, _origin, _version) = (server, services, origin, version);

    /// <summary>Where it listens, as a base of URLs.</summary>
    public string Url => _server.Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Sends without buffering.</summary>
    public HttpMessageInvoker Client => _client;

    /// <summary>Starts one in front of an origin.</summary>
    /// <param name="version">What client and origin speak.</param>
    /// <param name="port">The origin's port.</param>
    /// <param name="policy">What is done to exchanges; nothing unless given.</param>
    /// <param name="application">What happens to them besides.</param>
    /// <param name="user">Who has logged in.</param>
    /// <param name="connect">How the origin is reached; over loopback unless given.</param>
    public static async Task<PrivateServer> StartAsync(
        Version version,
        int port,
        ExchangePolicy? policy = null,
        Func<IHttpForwarder, IHttpApplication<HttpContext>>? application = null,
        string? user = null,
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        var services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        var options = new KestrelServerOptions { ApplicationServices = services };
        ExchangeLimits.Apply(options);
        var origin = new HttpMessageInvoker(ExchangeLimits.NewOrigin(connect ?? ConnectAsync));
        var session = new InterceptedSession(
            "s1",
            new IPEndPoint(IPAddress.Loopback, 50_000),
            user is null ? null : UserName.FromText(user),
            Destination.OfAddress(IPAddress.Loopback, (ushort)port),
            IsTls: false,
            origin,
            version);
        options.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = version.Major == 2 ? HttpProtocols.Http2 : HttpProtocols.Http1;
            ((IConnectionBuilder)listen).Use(next => connection =>
            {
                connection.Features.Set(session);

                // A session knows a client that has said all it has to say from one that has gone; this server's sockets do not.
                connection.ConnectionClosed = CancellationToken.None;
                return next(connection);
            });
        });
        var server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        var forwarder = services.GetRequiredService<IHttpForwarder>();
        await server.StartAsync(
            application?.Invoke(forwarder) ?? new ExchangeApplication(forwarder, policy ?? Policies.None, new ExchangeFigures()),
            CancellationToken.None);
        return new PrivateServer(server, services, origin, version);
    }

    /// <summary>A request of the version in question.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path) => new(method, Url + path)
    {
        Version = _version, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Sends one, and returns as soon as the head of the answer is there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request, CancellationToken.None).InTime();

    /// <summary>GET.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(Request(HttpMethod.Get, path));

    /// <summary>Connects a client that writes bytes.</summary>
    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(Url).Port).InTime();
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        _origin.Dispose();
        await _services.DisposeAsync();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
