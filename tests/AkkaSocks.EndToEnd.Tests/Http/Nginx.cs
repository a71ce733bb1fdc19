using System.Diagnostics;
using System.Net.Sockets;
using AkkaSocks.EndToEnd.Tests.Harness;

namespace AkkaSocks.EndToEnd.Tests.Http;

/// <summary>An nginx of the test's own, on a port and in a folder of its own.</summary>
internal sealed class Nginx : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkasocks-nginx-");
    private Process? _process;

    public int Port { get; private set; }

    /// <summary>Starts one.</summary>
    /// <param name="server">What its server does; 404 unless given.</param>
    /// <param name="listens">What it speaks besides HTTP/1.1.</param>
    public static async Task<Nginx> StartAsync(string server = "location / { return 404; }", string listens = "")
    {
        var nginx = new Nginx { Port = TlsWrapper.FreePort().Port };
        var file = Path.Combine(nginx._folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            daemon off; worker_processes 1; pid {{nginx._folder.FullName}}/pid; error_log {{nginx._folder.FullName}}/errors;
            events { }
            http {
              access_log {{nginx._folder.FullName}}/access;
              client_body_temp_path {{nginx._folder.FullName}}/body; proxy_temp_path {{nginx._folder.FullName}}/proxy;
              fastcgi_temp_path {{nginx._folder.FullName}}/fastcgi; uwsgi_temp_path {{nginx._folder.FullName}}/uwsgi;
              scgi_temp_path {{nginx._folder.FullName}}/scgi;
              server { listen 127.0.0.1:{{nginx.Port}} {{listens}}; {{server}} }
            }
            """);
        nginx._process = Tool.Start("nginx", "-c", file, "-e", Path.Combine(nginx._folder.FullName, "errors"));
        await Eventually.TrueAsync(() => Answers(nginx.Port), () => "nginx to listen");
        return nginx;
    }

    public string Log()
    {
        var file = Path.Combine(_folder.FullName, "access");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    public void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool Answers(int port)
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
