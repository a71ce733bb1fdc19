using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AkkaSocks.EndToEnd.Tests.Harness;

/// <summary>A program that puts TLS in front of a client that has none: it listens without, and connects with.</summary>
internal sealed class TlsWrapper : IDisposable
{
    private readonly Process _process;

    private TlsWrapper(Process process, IPEndPoint endpoint)
    {
        _process = process;
        Endpoint = endpoint;
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>socat, which checks the server's certificate.</summary>
    public static Task<TlsWrapper> SocatAsync(IPEndPoint proxy, TlsFiles files)
    {
        var own = FreePort();
        return StartAsync(own, "socat",
            $"TCP-LISTEN:{own.Port},bind=127.0.0.1,fork,reuseaddr",
            $"OPENSSL:127.0.0.1:{proxy.Port},cafile={files.Authority},commonname=proxy.test");
    }

    /// <summary>stunnel, which shows a certificate when it is given one.</summary>
    public static Task<TlsWrapper> StunnelAsync(IPEndPoint proxy, TlsFiles files, string? certificate)
    {
        var own = FreePort();
        var conf = files.Path($"stunnel-{own.Port}.conf");
        File.WriteAllText(conf, $"""
            foreground = yes
            pid =
            [socks]
            client = yes
            accept = {own}
            connect = {proxy}
            CAfile = {files.Authority}
            verifyChain = yes
            checkHost = proxy.test
            {(certificate is null ? "" : $"cert = {certificate}")}
            """);
        return StartAsync(own, "stunnel4", conf);
    }

    /// <summary>An address for programs that take no port 0.</summary>
    public static IPEndPoint FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<TlsWrapper> StartAsync(IPEndPoint own, string tool, params string[] arguments)
    {
        var wrapper = new TlsWrapper(Tool.Start(tool, arguments), own);
        try
        {
            await Eventually.TrueAsync(() => Accepts(own), () => $"{tool} to listen");
            return wrapper;
        }
        catch
        {
            wrapper.Dispose();
            throw;
        }
    }

    private static bool Accepts(IPEndPoint endpoint)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(endpoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
